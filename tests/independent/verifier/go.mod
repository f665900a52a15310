module polder/independent/verifier

go 1.22
