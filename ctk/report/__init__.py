"""Reports of a run: plain data, a comparison with an earlier run, JUnit XML, one HTML page, the terminal."""
