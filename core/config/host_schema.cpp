#include "core/config/host_schema.hpp"

namespace gantry::config {
namespace {

// Every key has a description, a default and bounds; hot = a changed value takes effect in the
// running host.
constexpr std::string_view kHostSchema = R"json({
"$schema": "https://json-schema.org/draft/2020-12/schema",
"title": "gantry.yaml",
"type": "object",
"additionalProperties": false,
"properties": {

"http": {
  "description": "The server: where it listens and what a client may cost.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "listen": {
      "description": "Address and port; port 0 picks a free one and prints it.",
      "type": "string", "format": "listen-address", "default": "127.0.0.1:8080"},
    "loops": {
      "description": "Threads that read and write connections; 0 = one per core.",
      "type": "integer", "minimum": 0, "maximum": 256, "default": 0},
    "connections_max": {
      "description": "Open connections; further ones are closed at once.",
      "type": "integer", "minimum": 1, "maximum": 1000000, "default": 10000,
      "x-gantry": {"reload": "hot"}},
    "connections_per_address_max": {
      "description": "Open connections from one address, loopback included; 0 = no limit.",
      "type": "integer", "minimum": 0, "maximum": 1000000, "default": 100,
      "x-gantry": {"reload": "hot"}},
    "request_line_bytes_max": {
      "description": "Longest request line; a longer one is answered with 414.",
      "type": "integer", "minimum": 256, "maximum": 65536, "default": 8192,
      "x-gantry": {"reload": "hot", "unit": "bytes"}},
    "header_bytes_max": {
      "description": "All header fields of a request together; more is answered with 431.",
      "type": "integer", "minimum": 256, "maximum": 1048576, "default": 8192,
      "x-gantry": {"reload": "hot", "unit": "bytes"}},
    "headers_max": {
      "description": "Header fields of a request; more is answered with 431.",
      "type": "integer", "minimum": 1, "maximum": 10000, "default": 100,
      "x-gantry": {"reload": "hot"}},
    "body_bytes_max": {
      "description": "Request body, unless the route allows another size; more is answered with 413.",
      "type": "integer", "minimum": 0, "maximum": 1073741824, "default": 1048576,
      "x-gantry": {"reload": "hot", "unit": "bytes"}},
    "header_timeout_ms": {
      "description": "From the first byte of a request to the end of its header.",
      "type": "integer", "minimum": 100, "maximum": 600000, "default": 10000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "body_timeout_ms": {
      "description": "From the end of the header to the end of the body.",
      "type": "integer", "minimum": 100, "maximum": 3600000, "default": 30000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "body_rate_min_bytes_per_s": {
      "description": "A body that arrives slower, after the grace time, is cut off; 0 = no minimum.",
      "type": "integer", "minimum": 0, "maximum": 1073741824, "default": 500,
      "x-gantry": {"reload": "hot", "unit": "bytes/s"}},
    "body_rate_grace_ms": {
      "description": "Time before the minimum rate of a body is asked for.",
      "type": "integer", "minimum": 0, "maximum": 600000, "default": 5000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "handler_timeout_ms": {
      "description": "From the complete request to the answer; then the client gets 504.",
      "type": "integer", "minimum": 1, "maximum": 3600000, "default": 30000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "write_stall_timeout_ms": {
      "description": "A client that takes no byte of the answer for so long is disconnected.",
      "type": "integer", "minimum": 100, "maximum": 3600000, "default": 30000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "keep_alive_timeout_ms": {
      "description": "An idle connection is closed after this time; 0 = after each answer.",
      "type": "integer", "minimum": 0, "maximum": 3600000, "default": 15000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "requests_per_connection_max": {
      "description": "Requests on one connection before it is closed; 0 = no limit.",
      "type": "integer", "minimum": 0, "maximum": 1000000000, "default": 1000,
      "x-gantry": {"reload": "hot"}},
    "pipeline_bytes_max": {
      "description": "Bytes read ahead of the request in progress on one connection.",
      "type": "integer", "minimum": 1024, "maximum": 16777216, "default": 16384,
      "x-gantry": {"reload": "hot", "unit": "bytes"}},
    "stream_buffer_bytes_max": {
      "description": "Unsent bytes of a streamed answer before its writer must wait.",
      "type": "integer", "minimum": 4096, "maximum": 1073741824, "default": 1048576,
      "x-gantry": {"reload": "hot", "unit": "bytes"}},
    "trusted_proxies": {
      "description": "Address ranges whose X-Forwarded-For and X-Forwarded-Proto are believed.",
      "type": "array", "items": {"type": "string", "format": "cidr"},
      "maxItems": 256, "uniqueItems": true, "default": [], "x-gantry": {"reload": "hot"}}
  }},

"workers": {
  "description": "The threads that run handlers.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "threads": {
      "description": "Number of threads; 0 = chosen from the number of cores.",
      "type": "integer", "minimum": 0, "maximum": 1024, "default": 0},
    "queue_max": {
      "description": "Requests that wait for a thread; further ones are answered with 503.",
      "type": "integer", "minimum": 1, "maximum": 1000000, "default": 1024,
      "x-gantry": {"reload": "hot"}},
    "queue_wait_ms_max": {
      "description": "A request that waited longer is answered with 503 instead of being run.",
      "type": "integer", "minimum": 1, "maximum": 600000, "default": 1000,
      "x-gantry": {"reload": "hot", "unit": "ms"}}
  }},

"shutdown": {
  "description": "What happens between SIGTERM and the end of the process.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "drain_timeout_ms": {
      "description": "Time for requests in progress to finish before they are cut off.",
      "type": "integer", "minimum": 0, "maximum": 3600000, "default": 30000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "delay_ms": {
      "description": "Time in which /ready already says no but new connections are still taken.",
      "type": "integer", "minimum": 0, "maximum": 600000, "default": 0,
      "x-gantry": {"reload": "hot", "unit": "ms"}}
  }},

"json": {
  "description": "Limits of JSON request bodies.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "depth_max": {
      "description": "Nested arrays and objects.",
      "type": "integer", "minimum": 1, "maximum": 256, "default": 32,
      "x-gantry": {"reload": "hot"}},
    "members_max": {
      "description": "Members and items in one body, all levels together.",
      "type": "integer", "minimum": 1, "maximum": 10000000, "default": 10000,
      "x-gantry": {"reload": "hot"}},
    "string_bytes_max": {
      "description": "The longest string.",
      "type": "integer", "minimum": 1, "maximum": 1073741824, "default": 262144,
      "x-gantry": {"reload": "hot", "unit": "bytes"}}
  }},

"storage": {
  "description": "Where data is kept, each database on the engine of its URL. sqlite: paths are relative to the data directory.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "events": {
      "description": "The event log: sqlite:<file> or postgresql://user@host/database.",
      "$ref": "#/$defs/database", "default": "sqlite:events.db"},
    "projections": {
      "description": "The read models: sqlite:<file> or postgresql://user@host/database.",
      "$ref": "#/$defs/database", "default": "sqlite:read.db"},
    "auth": {
      "description": "Users and sessions: sqlite:<file> or postgresql://user@host/database.",
      "$ref": "#/$defs/database", "default": "sqlite:auth.db"},
    "asks_max": {
      "description": "Reads without a waiting thread that are outstanding, of one event loop on one database; further ones are refused.",
      "type": "integer", "minimum": 1, "maximum": 1000000, "default": 4096},
    "ask_timeout_ms": {
      "description": "Longest time of one such read, with the wait for a connection or a worker.",
      "type": "integer", "minimum": 10, "maximum": 600000, "default": 5000,
      "x-gantry": {"unit": "ms"}},
    "sqlite": {
      "description": "Settings of every SQLite database.",
      "type": "object", "default": {}, "additionalProperties": false,
      "properties": {
        "synchronous": {
          "description": "full: an acknowledged write survives power loss; normal: it may not.",
          "type": "string", "enum": ["full", "normal"], "default": "full"},
        "busy_timeout_ms": {
          "description": "Time to wait for another process's lock.",
          "type": "integer", "minimum": 0, "maximum": 600000, "default": 5000,
          "x-gantry": {"unit": "ms"}},
        "readers_max": {
          "description": "Connections that read one database at the same time.",
          "type": "integer", "minimum": 1, "maximum": 256, "default": 8}
      }},
    "postgresql": {
      "description": "Settings of every PostgreSQL database.",
      "type": "object", "default": {}, "additionalProperties": false,
      "properties": {
        "insecure_transport": {
          "description": "true: hosts over TCP, loopback too, may be spoken to without sslmode=verify-full.",
          "type": "boolean", "default": false},
        "readers_max": {
          "description": "Connections that read one database at the same time.",
          "type": "integer", "minimum": 1, "maximum": 1000, "default": 8},
        "writers_max": {
          "description": "Connections that write one database at the same time.",
          "type": "integer", "minimum": 1, "maximum": 1000, "default": 8},
        "ask_connections": {
          "description": "Connections of each event loop to one database, for reads without a waiting thread.",
          "type": "integer", "minimum": 1, "maximum": 64, "default": 2},
        "wait_max_ms": {
          "description": "Time to wait for one of these connections; then the request is refused.",
          "type": "integer", "minimum": 1, "maximum": 600000, "default": 2000,
          "x-gantry": {"unit": "ms"}},
        "connect_timeout_ms": {
          "description": "Time to connect to one address of the server; rounded up to whole seconds.",
          "type": "integer", "minimum": 2000, "maximum": 600000, "default": 5000,
          "x-gantry": {"unit": "ms"}},
        "statement_timeout_ms": {
          "description": "Longest time of one statement; migrations may take longer.",
          "type": "integer", "minimum": 100, "maximum": 3600000, "default": 30000,
          "x-gantry": {"unit": "ms"}},
        "lock_timeout_ms": {
          "description": "Time to wait for a row or table that somebody else has locked.",
          "type": "integer", "minimum": 1, "maximum": 600000, "default": 5000,
          "x-gantry": {"unit": "ms"}},
        "idle_in_transaction_timeout_ms": {
          "description": "The server ends a connection that does nothing in a transaction for so long; with consume.lease_ms or more, a take-over may wait for it.",
          "type": "integer", "minimum": 100, "maximum": 3600000, "default": 8000,
          "x-gantry": {"unit": "ms"}},
        "append_idle_timeout_ms": {
          "description": "The same for a transaction that appends to the log: all instances wait for it.",
          "type": "integer", "minimum": 100, "maximum": 600000, "default": 2000,
          "x-gantry": {"unit": "ms"}},
        "keepalive_idle_s": {
          "description": "Silence on a TCP connection before the other end is probed.",
          "type": "integer", "minimum": 1, "maximum": 7200, "default": 30,
          "x-gantry": {"unit": "s"}},
        "keepalive_interval_s": {
          "description": "Time between two probes.",
          "type": "integer", "minimum": 1, "maximum": 600, "default": 10,
          "x-gantry": {"unit": "s"}},
        "keepalive_count": {
          "description": "Probes without an answer after which the connection is lost.",
          "type": "integer", "minimum": 1, "maximum": 100, "default": 3},
        "tcp_user_timeout_ms": {
          "description": "A connection is lost when what was sent is not acknowledged for so long.",
          "type": "integer", "minimum": 1000, "maximum": 3600000, "default": 30000,
          "x-gantry": {"unit": "ms"}}
      }}
  }},

"log": {
  "description": "The event log.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "append_batch_max": {
      "description": "Appends written in one transaction.",
      "type": "integer", "minimum": 1, "maximum": 10000, "default": 64,
      "x-gantry": {"reload": "hot"}},
    "append_queue_max": {
      "description": "Appends that wait for the writer; further ones are refused as unavailable.",
      "type": "integer", "minimum": 1, "maximum": 1000000, "default": 4096},
    "append_events_max": {
      "description": "Events in one append.",
      "type": "integer", "minimum": 1, "maximum": 100000, "default": 1000,
      "x-gantry": {"reload": "hot"}},
    "event_bytes_max": {
      "description": "Data of one event.",
      "type": "integer", "minimum": 1024, "maximum": 67108864, "default": 262144,
      "x-gantry": {"reload": "hot", "unit": "bytes"}},
    "tail_ring_events_max": {
      "description": "Newest events kept in memory for consumers that keep up.",
      "type": "integer", "minimum": 16, "maximum": 16777216, "default": 65536},
    "read_page_events_max": {
      "description": "Events in one page of a read.",
      "type": "integer", "minimum": 2, "maximum": 100000, "default": 1000,
      "x-gantry": {"reload": "hot"}},
    "validate_events": {
      "description": "Whether the data of an event is checked against the schema of its type before it is appended; about 2 microseconds each. Types and versions are checked in any case.",
      "enum": ["always", "never"], "default": "always"}
  }},

"consume": {
  "description": "Projections and subscriptions.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "batch_events_max": {
      "description": "Events handled in one transaction.",
      "type": "integer", "minimum": 1, "maximum": 100000, "default": 500,
      "x-gantry": {"reload": "hot"}},
    "batch_ms_max": {
      "description": "Time after which a batch is committed even if it is not full.",
      "type": "integer", "minimum": 1, "maximum": 60000, "default": 20,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "retry_initial_ms": {
      "description": "First wait after a failure; it doubles from there.",
      "type": "integer", "minimum": 1, "maximum": 600000, "default": 100,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "retry_max_ms": {
      "description": "Longest wait between two attempts.",
      "type": "integer", "minimum": 1, "maximum": 3600000, "default": 30000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "lanes": {
      "description": "Streams a subscription handles at the same time.",
      "type": "integer", "minimum": 1, "maximum": 1024, "default": 8},
    "threads": {
      "description": "Threads that run the events of all subscriptions.",
      "type": "integer", "minimum": 1, "maximum": 256, "default": 4},
    "lane_queue_max": {
      "description": "Events that wait in one lane.",
      "type": "integer", "minimum": 1, "maximum": 1000000, "default": 256},
    "lease_ms": {
      "description": "Instances that share a database: one that is silent for so long loses its consumers to another.",
      "type": "integer", "minimum": 500, "maximum": 600000, "default": 10000,
      "x-gantry": {"unit": "ms"}},
    "standby_poll_ms": {
      "description": "How often a consumer that runs on another instance is looked at; at most half of lease_ms counts.",
      "type": "integer", "minimum": 10, "maximum": 600000, "default": 1000,
      "x-gantry": {"unit": "ms"}},
    "standby_follow_ms": {
      "description": "The same while a read waits for its position.",
      "type": "integer", "minimum": 1, "maximum": 10000, "default": 20,
      "x-gantry": {"unit": "ms"}},
    "min_position_wait_ms_max": {
      "description": "How long a read waits for the position its client has already seen.",
      "type": "integer", "minimum": 0, "maximum": 60000, "default": 2000,
      "x-gantry": {"reload": "hot", "unit": "ms"}}
  }},

"timers": {
  "description": "Messages to be sent later.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "batch_max": {
      "description": "Due timers fired in one transaction.",
      "type": "integer", "minimum": 1, "maximum": 100000, "default": 256,
      "x-gantry": {"reload": "hot"}}
  }},

"idempotency": {
  "description": "Answers kept for requests that carry an Idempotency-Key.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "keep_hours": {
      "description": "How long an answer is kept.",
      "type": "integer", "minimum": 1, "maximum": 8760, "default": 168,
      "x-gantry": {"reload": "hot", "unit": "hours"}},
    "answer_bytes_max": {
      "description": "The largest answer that is kept.",
      "type": "integer", "minimum": 1024, "maximum": 67108864, "default": 262144,
      "x-gantry": {"reload": "hot", "unit": "bytes"}}
  }},

"logging": {
  "description": "The host's own log, on standard output.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "level": {
      "description": "The least severe level that is written.",
      "type": "string", "enum": ["trace", "debug", "info", "warn", "error"], "default": "info",
      "x-gantry": {"reload": "hot"}},
    "format": {
      "description": "json: one object per line; pretty: for people; auto: pretty on a terminal.",
      "type": "string", "enum": ["auto", "json", "pretty"], "default": "auto"},
    "queue_max": {
      "description": "Lines that wait to be written; further ones are dropped and counted.",
      "type": "integer", "minimum": 16, "maximum": 10000000, "default": 8192}
  }},

"chains": {
  "description": "Middleware chains by name, outermost first; routes name the chain they run in.",
  "type": "object", "default": {}, "maxProperties": 256,
  "additionalProperties": {
    "description": "Names of middleware, outermost first.",
    "type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 128},
    "maxItems": 64, "uniqueItems": true}},

"loader": {
  "description": "How plugins are found, started and stopped.",
  "type": "object", "default": {}, "additionalProperties": false,
  "properties": {
    "directories": {
      "description": "Where plugins are looked for; relative to the parent of the executable's directory.",
      "type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 4096},
      "minItems": 1, "maxItems": 64, "uniqueItems": true, "default": ["plugins"]},
    "allow_draft": {
      "description": "Let plugins use interfaces that are not frozen yet.",
      "type": "boolean", "default": false},
    "start_timeout_ms": {
      "description": "Time for one plugin to start; then the start of the host fails.",
      "type": "integer", "minimum": 1, "maximum": 600000, "default": 30000,
      "x-gantry": {"unit": "ms"}},
    "drain_timeout_ms": {
      "description": "Time for calls in a plugin to finish before it is stopped.",
      "type": "integer", "minimum": 0, "maximum": 3600000, "default": 30000,
      "x-gantry": {"reload": "hot", "unit": "ms"}},
    "quarantine": {
      "description": "When a failing plugin is taken out of service.",
      "type": "object", "default": {}, "additionalProperties": false,
      "properties": {
        "failures": {
          "description": "Failures within the window; 0 = never.",
          "type": "integer", "minimum": 0, "maximum": 1000000, "default": 20,
          "x-gantry": {"reload": "hot"}},
        "window_s": {
          "description": "The time in which failures are counted.",
          "type": "integer", "minimum": 1, "maximum": 86400, "default": 60,
          "x-gantry": {"reload": "hot", "unit": "s"}}
      }}
  }},

"plugins": {
  "description": "One section per plugin, by its id; a plugin without a section is not loaded.",
  "type": "object", "default": {}, "maxProperties": 1024,
  "additionalProperties": {
    "description": "The plugin's own keys, checked by its schema, and these three.",
    "type": "object",
    "properties": {
      "enabled": {
        "description": "false: the plugin is not loaded.",
        "type": "boolean", "default": true},
      "required": {
        "description": "false: the server starts without the plugin when it cannot start.",
        "type": "boolean", "default": true},
      "sha256": {
        "description": "Digest the plugin's file must have, in hexadecimal.",
        "title": "64 hexadecimal digits",
        "type": "string", "pattern": "^[0-9a-fA-F]{64}$"}
    }}}

},
"$defs": {
  "database": {
    "title": "sqlite:<file> or postgresql://user@host/database",
    "type": "string", "pattern": "^(sqlite:[^ ]+|postgres(ql)?://[^ ]+)$"}
}
})json";

}  // namespace

std::string_view host_schema() { return kHostSchema; }

}  // namespace gantry::config
