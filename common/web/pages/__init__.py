"""The pages that the suite serves to people: the front page and, through connexion, Swagger UI."""

import warnings

# connexion imports Starlette's test client, which warns its importer about a package that no server needs.
warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient` is deprecated")
