"""Rules about what stays: lumps, marks, dents."""
