"""What the standard asks: documents, what they let an attribute be, schemas."""
