"""What is never deleted, so that copies of its id may go without a check of their own."""

import pgtrigger

# A foreign key that is checked costs each row that is written; where one statement writes
# thousands, copies of an id that was checked before rely on this trigger instead
# (``db_constraint=False``).
NEVER_DELETED = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)
