"""What calls take and what they give, by area: every field with its kind, so that the description of the API can be relied on."""
