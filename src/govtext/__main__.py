"""`python -m govtext`: the command line."""

from govtext.cli import main

if __name__ == "__main__":
    main(prog_name="govtext")
