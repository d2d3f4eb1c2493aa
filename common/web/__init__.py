"""The only package that knows the web framework's protocol, ASGI."""
