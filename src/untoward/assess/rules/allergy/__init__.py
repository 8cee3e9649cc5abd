"""Rules about allergy and its look-alikes."""
