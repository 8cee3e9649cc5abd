"""Rules about infection: early and purulent, or late and slow."""
