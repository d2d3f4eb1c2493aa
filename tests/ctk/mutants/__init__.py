"""Deliberately broken servers: a proxy before the real suite that breaks one thing. Every rule must fail on one."""
