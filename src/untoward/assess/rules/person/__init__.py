"""Rules about who the person is and where the treatment was given: what makes a sign count for more."""
