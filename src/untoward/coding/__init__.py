"""Words to terms: what a patient or a nurse wrote, coded with its span, its denials, its numbers and its doubts."""
