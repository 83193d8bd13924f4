-- The frozen transfers: transfer N holds the records before its own.
SELECT $integer(e.payload, number) AS number, $moment(e.recorded_at) AS frozen_at_utc,
    e.actor AS frozen_by, $word(e.payload, comment) AS comment, e.sequence AS record,
    $text(e.payload, chain_head) AS chain_head
FROM events e
WHERE e.kind = 'transfer_frozen.1'
