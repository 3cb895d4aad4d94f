-- What a person said of a passage, beside what the reads had said, stands in the evidence of the revision that the person made
-- (evidence.scores -> 'label'). Few passages among many: found by this.
create index passage_by_person on passage (site, last_at desc, id desc) where decided_by is not null;
