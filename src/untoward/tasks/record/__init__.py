"""What people and programs do with the record: each as a plain function shared by the pages, the API and the commands."""
