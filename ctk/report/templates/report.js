"use strict";
const tools = document.querySelector(".tools");
const failures = [...document.querySelectorAll("details.failure")];
const told = document.getElementById("told");
if (failures.length) {
  tools.hidden = false;
  document.getElementById("filter").addEventListener("input", (event) => {
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of failures) {
      const text = (one.querySelector("summary").textContent + " " + one.dataset.api).toLowerCase();
      one.hidden = !words.every((word) => text.includes(word));
    }
    told.textContent = failures.filter((one) => !one.hidden).length + " of " + failures.length + " failures shown";
  });
  window.addEventListener("beforeprint", () => {
    for (const one of failures) if (!one.hidden) one.open = true;
  });
  for (const [name, open] of [["open", true], ["close", false]]) {
    document.getElementById(name).addEventListener("click", () => {
      for (const one of failures) if (!one.hidden) one.open = open;
    });
  }
}
