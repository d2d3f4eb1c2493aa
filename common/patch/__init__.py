"""The four patch dialects of TMF630: a patch and a document -> the changed document."""
