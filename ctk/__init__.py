"""Conformance kits: judge any TM Forum server over HTTP alone. `tmf check URL`, or `python -m ctk URL`."""
