"""The process roles of VALEO: web, stream, worker, beat. One image, one entry, one role per process."""
