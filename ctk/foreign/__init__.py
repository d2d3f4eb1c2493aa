"""Other people's kits: Postman collections, run by newman, as findings of ours."""
