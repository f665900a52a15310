"""What is on record, in words: events as sentences, moments, how everything stands.

One set of words for every interface. They are spoken in the language of
`language.speaking`: that of a run of the command line, or of one request.
"""
