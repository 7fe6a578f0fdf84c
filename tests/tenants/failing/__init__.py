"""A product whose views and jobs fail with the names, addresses and tokens of people in what they say."""
