"""The figures of days and months kept ready, so that a ranking reads some rows and no request."""
