"""The audit log as people read it: who did what, when, from where; listed, filtered, taken along."""
