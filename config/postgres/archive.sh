#!/bin/sh
# PostgreSQL's archive_command: sh archive.sh %p %f FOLDER
#
# A segment has its name only once it is complete and on disk. One that is there already and is the same counts as
# archived: the server may have been killed before it noted that. One that is not the same is never overwritten.
# https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-ARCHIVING-WAL
set -e
if [ -e "$3/$2" ]; then
    exec cmp -s "$1" "$3/$2"
fi
cp "$1" "$3/$2.part"
sync "$3/$2.part"
mv "$3/$2.part" "$3/$2"
sync "$3"
