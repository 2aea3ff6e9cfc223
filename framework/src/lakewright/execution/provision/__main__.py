"""The steps of a run's packages for jobs that are written by hand: `python -m lakewright.execution.provision STEP …`.

As a script or a notebook calls them: `from lakewright.execution.provision.entry import process, clean_up`.
"""

from lakewright.execution.provision.entry import main

if __name__ == "__main__":
    main()
