// Every bound of the collector, with its reason. Sizes are in bytes.
#pragma once

#include <chrono>
#include <cstddef>

namespace wayline::collector::limits {

using std::chrono::milliseconds;
using std::chrono::seconds;

// --- a batch (delivery S4)
/// One event, as stored. Segment's own limit, so a client that respects Segment respects us.
constexpr std::size_t event_bytes = 32 * 1024;
/// One body, as sent and again once decompressed; Segment's limit of 500 KB, rounded up.
constexpr std::size_t body_bytes = 512 * 1024;
/// Events in a batch: bounds one transaction's share and the size of a reply.
constexpr std::size_t batch_events = 500;
/// Nesting of an event. Real ones stay below 10; writing JSON recurses, so this bounds the stack.
constexpr std::size_t event_depth = 64;
/// UUIDs take 36 bytes; some clients add a prefix. Longer ids would only bloat the unique index.
constexpr std::size_t message_id_bytes = 200;
/// The batch's `sentAt`, which is stored with each of its events: a longer one would be stored 500 times. Instants take 20 to 35 bytes.
constexpr std::size_t sent_at_bytes = 64;

/// How far a client's clock may seem wrong before its times are corrected: a request on a bad network takes seconds.
constexpr milliseconds clock_skew{10'000};

// --- a profile
/// A device's state as sent, and what is stored of a person. The engine keeps one below 64 KiB; an older one, and the union of many, may be larger.
constexpr std::size_t profile_bytes = 128 * 1024;
/// An identity token. One claim more than those that are read is common, a page of them is not.
constexpr std::size_t token_bytes = 4 * 1024;

// --- the store
/// Batches received and not yet answered. At body_bytes each, and once more for columns that repeat parts of the bodies, this bounds the queue's
/// memory to 256 MB.
constexpr std::size_t queued_batches = 256;
/// Events in one group commit: bounds how long the first batch of a group waits for the last.
constexpr std::size_t commit_events = 4000;
/// How long a commit waits for another process that holds the database's write lock.
constexpr milliseconds lock_wait{5000};
/// Where SQLite does not wait by itself, this often the lock is tried.
constexpr milliseconds lock_pause{10};
/// After a failed commit, this often a write is tried to learn whether the database works again.
constexpr seconds probe_pause{1};
/// Retry-After is drawn from this range, so that refused clients do not return together (delivery S5).
constexpr int retry_after_least_seconds = 1;
constexpr int retry_after_most_seconds = 5;

// --- connections
/// Open at once, or fewer where the process may open fewer files; a further one takes the place of that which is idle longest, or held up
/// by its client, and waits in the kernel's backlog while none is. At body_bytes each: 512 MB in the worst case.
constexpr std::size_t connections = 1024;
/// File descriptors that are no connection: the streams, the database with its log, what Asio keeps, a file that is read. A dozen, and as many to spare.
constexpr std::size_t own_files = 32;
/// One request's line and headers. Browsers send 1 to 4 KB.
constexpr std::size_t header_bytes = 16 * 1024;
/// What is read ahead from a connection: the headers and the start of the body.
constexpr std::size_t read_buffer_bytes = 64 * 1024;
/// A kept connection without a request. Longer than the minute that browsers and Node.js keep one.
constexpr seconds idle_wait{65};
/// From a request's first byte to the end of its headers, from there to the end of its body, and for the reply:
/// a phone on a bad network needs seconds, a client that needs longer is holding the connection hostage.
constexpr seconds header_wait{10};
constexpr seconds body_wait{20};
constexpr seconds reply_wait{30};
/// All that a client gets of these while others wait for its place: a thousand that send a byte a second must not shut out everybody else.
constexpr seconds crowded_wait{2};
/// After an early refusal the rest of the body is read and dropped within these bounds, for closing with unread
/// bytes would reset the connection and take the refusal with it.
constexpr std::size_t linger_bytes = 16 * 1024 * 1024;
constexpr seconds linger_wait{2};
/// After SIGTERM, requests under way get this long before their connections are cut.
constexpr seconds drain_wait{10};

// --- files
/// The largest file served: files are held whole in memory. The shop's largest is a few hundred KB.
constexpr std::size_t file_bytes = 32 * 1024 * 1024;
/// Contents kept in memory between requests; past it all are forgotten and read anew.
constexpr std::size_t cached_file_bytes = 128 * 1024 * 1024;

}  // namespace wayline::collector::limits
