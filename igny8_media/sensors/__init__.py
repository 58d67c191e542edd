"""What the pipeline watches: newly published content, and runs that failed."""
