# The messages that Entente keeps on disk. storage/FORMAT.md tells where each stands and what surrounds it.
#
# Frozen: a field keeps its number, type and meaning for ever. A new field takes the next number, and readers give it
# a meaning for messages that lack it; anything else needs a new format version and a migration step.
#
# Arrays of integers stand as `Data` in the packed form of FORMAT.md, "Packed integers"; `packed32` and `packed64`
# below name the width of their elements. `Data` marked `values` is a run of values in the form of FORMAT.md, "Values".
@0xa95ef873d12feb29;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("entente::schema");

struct Format {
  # The first record that is read. Its fields are understood by every version.
  version @0 :UInt32;  # of the format; a program refuses those above the one it knows
  program @1 :Text;    # what created the database, for people
}

# ---- pages ----

struct NodesPage {
  count @0 :UInt32;      # how many nodes the page covers, from its first id on; those past it are absent
  labelSets @1 :Data;    # packed32, count: number of the label set + 1, 0 for an absent node
}

struct RelationshipsPage {
  count @0 :UInt32;      # as in NodesPage
  sources @1 :Data;      # packed32, count: id of the source + 1, 0 for an absent relationship
  targets @2 :Data;      # packed32, count: the same of the target
  type @3 :UInt32;       # of all relationships if `types` is empty; 0xFFFFFFFF if there is none
  types @4 :Data;        # packed32, count: number of the type + 1; empty if all have `type`
  # Instead of `targets`, where that is smaller, as lists: those of a run of equal sources are a list (FORMAT.md, "Lists").
  targetHeads @5 :Data;
  targetGaps @6 :Data;
}

struct AdjacencyPage {
  count @0 :UInt32;      # entries of all lists but the huge ones
  degrees @1 :Data;      # packed32, 2,048: entries of each node; empty if count is 0
  neighbours @2 :Data;   # packed32, count: the lists one after another, each sorted by (neighbour, relationship)
  rels @3 :Data;         # packed32, count; empty if they are numbered on from firstRel
  firstRel @4 :UInt32;
  huge @5 :List(HugeList);  # sorted by node
  # Instead of `neighbours`: lists (FORMAT.md, "Lists"), or, if `fromTable`, the targets of the relationships.
  heads @6 :Data;
  gaps @7 :Data;
  fromTable @8 :Bool;
  # Instead of `rels`: lists, or, if `relative`, `rels` has the difference to the neighbour, modulo 2^32.
  relHeads @9 :Data;
  relGaps @10 :Data;
  relative @11 :Bool;

  struct HugeList {
    node @0 :UInt16;     # low bits of the id; its degree above is 0
    chunks @1 :List(Chunk);
  }
  struct Chunk {         # not empty; sorted by (neighbour, relationship), also from one chunk to the next
    count @0 :UInt32;
    neighbours @1 :Data; # packed32, count
    rels @2 :Data;       # packed32, count
    relative @3 :Bool;   # `rels` has the difference to the neighbour, modulo 2^32
  }
}

struct ColumnPage {
  type @0 :UInt8;        # entente::ColumnType
  count @1 :UInt32;      # values
  present @2 :Data;      # 512 bytes: bit i (of byte i / 8, lowest first): whether the i-th id of the page has a value
  ints @3 :Data;         # packed64, count: Integer, Boolean (0 or 1), Date (days since 1970-01-01)
  floats @4 :Data;       # Float: count IEEE 754 doubles, little-endian
  lengths @5 :Data;      # packed32, count: String: bytes of each
  bytes @6 :Data;        # String: all of them one after another
  values @7 :Data;       # Mixed: count values
  codes @8 :Data;        # packed32, count, or empty: String: the number of each value's text
  texts @9 :UInt32;      # with codes: the number of texts, which `lengths` and `bytes` are of instead
}

struct LabelPage {
  # The nodes of the page's 65,536 ids that have the label; one of the two forms, whichever is smaller.
  bitmap @0 :Data;       # 8,192 bytes, bits as in ColumnPage.present; empty if the runs are given
  runs @1 :UInt32;
  starts @2 :Data;       # packed32, runs: low bits of the first id of each run of members, ascending
  lengths @3 :Data;      # packed32, runs: members of each run, less one
}

struct HashPage {         # of format versions below 3
  count @0 :UInt32;
  hashes @1 :Data;       # packed64, count: sorted by (hash, node)
  nodes @2 :Data;        # packed32, count
}

struct OrderedPage {
  count @0 :UInt32;
  values @1 :Data;       # count values, sorted by (value, node)
  nodes @2 :Data;        # packed32, count
  integers @3 :Data;     # packed64, count: the values, if all are Integer; `values` is empty then
}

# ---- tables of pages ----

struct PageRun {
  first @0 :UInt32;      # number of the first page
  count @1 :UInt32;      # pages with consecutive numbers, at least 1
  epoch @2 :UInt64;      # the epoch that all of them were written under
}

struct Table {
  kind @0 :UInt8;        # entente::PageKind
  id @1 :UInt32;
  runs @2 :List(PageRun);  # ascending by page number; two runs do not overlap
}

struct PageList {        # the records `intent/…` and `garbage`: pages that no version needs
  tables @0 :List(Table);  # a page may stand in several runs of different epochs
}

# ---- manifest ----

struct Manifest {
  version @0 :UInt64;            # commits that this version holds; the log goes on behind it
  epoch @1 :UInt64;              # the highest epoch that pages were written under
  nodeLimit @2 :UInt32;          # one past the highest node id ever used
  relationshipLimit @3 :UInt32;
  nodeCount @4 :UInt64;
  relationshipCount @5 :UInt64;
  dictionary @6 :Dictionary;
  statistics @7 :Statistics;
  adjacencies @8 :UInt32;        # one past the highest id of a table of this kind, there or not: 2 * type + direction
  nodeColumns @9 :UInt32;        # by key
  relationshipColumns @10 :UInt32;  # by key
  labels @11 :UInt32;            # by label
  tables @12 :List(Table);       # sorted by (kind, id); empty ones are left out
  indexes @13 :List(Index);
  nextIndex @14 :UInt32;         # id of the index or constraint created next
  constraints @15 :List(Constraint);  # apart from those that are unique indexes
}

struct Dictionary {
  labels @0 :List(Text);         # names in order of their numbers
  types @1 :List(Text);
  keys @2 :List(Text);
  labelSets @3 :List(List(UInt32));  # in order of their numbers; sorted; set 0 is empty
}

struct Statistics {
  labelCounts @0 :List(UInt64);
  typeCounts @1 :List(UInt64);
  bySource @2 :List(List(UInt64));   # [type][label of the source]
  byTarget @3 :List(List(UInt64));
  nodeKeyCounts @4 :List(UInt64);
  relationshipKeyCounts @5 :List(UInt64);
}

struct Index {
  id @0 :UInt32;
  name @1 :Text;
  label @2 :UInt32;
  key @3 :UInt32;
  unique @4 :Bool;
  ordered @5 :Bool;              # set; not set in format versions below 3, there are no leaves and the index is to be built
  entries @6 :UInt64;
  distinctValues @7 :UInt64;     # of a range index
  unused8 @8 :UInt32;            # format versions below 3: pages of kind HashIndex
  nextLeaf @9 :UInt32;           # number of the page of kind OrderedIndex created next
  fences @10 :UInt32;            # as many as it has leaves, in order
  fenceValues @11 :Data;         # values, fences: of the first entry of each leaf
  fenceNodes @12 :Data;          # packed32, fences
  fencePages @13 :Data;          # packed32, fences: page number of the leaf
  kind @14 :UInt8;               # entente::IndexKind
  entity @15 :UInt8;             # entente::EntityType
  required @16 :Bool;            # a key constraint
  labels @17 :List(UInt32);      # or types: if there is more than one, or more than one key; else empty, and `label` has it
  keys @18 :List(UInt32);        # likewise, and `key`
  analyzer @19 :Text;            # full text
  documents @20 :List(UInt64);   # full text, by key: elements whose property has words
  words @21 :List(UInt64);       # full text, by key: words of those
}

struct Constraint {
  id @0 :UInt32;
  name @1 :Text;
  kind @2 :UInt8;                # entente::Constraint::Kind
  entity @3 :UInt8;              # entente::EntityType
  token @4 :UInt32;              # number of the label or type
  key @5 :UInt32;
  kinds @6 :UInt32;              # kind 2: bit k: values of ValueKind k are allowed
  lists @7 :List(UInt32);        # kind 2: each allows the lists whose elements are of these kinds
}

# ---- log ----

struct ChangeSet {
  changes @0 :List(Change);      # in the order they were made

  struct Change {
    kind @0 :UInt8;              # entente::Change::Kind, which tells what the other fields mean
    flags @1 :UInt8;
    id @2 :UInt32;
    number @3 :UInt32;
    source @4 :UInt32;
    target @5 :UInt32;
    numbers @6 :List(UInt32);
    text @7 :Text;
    value @8 :Data;              # one value; empty stands for null
  }
}
