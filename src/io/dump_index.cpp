#include "io/dump_index.hpp"

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "io/build_frame.hpp"
#include "io/number.hpp"

namespace heteroglass::io {
namespace {

constexpr std::size_t piece = std::size_t{1} << 22;
constexpr std::size_t header_room = 256;  ///< an ITEM line and the number below it

class Indexer {
 public:
  explicit Indexer(const TextSource& source) : source_(source) {}

  DumpIndex run() {
    // Each piece begins one byte early, to see whether an I stands at the start of a line.
    std::size_t at = 0;
    while (at < source_.size()) {
      const std::size_t lead = at > 0 ? 1 : 0;
      const Buffer buffer = source_.read(at - lead, piece + lead);
      if (buffer.view().size() <= lead) break;
      const std::size_t done = scan(buffer.view(), lead, at);
      if (done == 0) break;
      at += done;
    }
    return std::move(index_);
  }

 private:
  /// Returns how many bytes behind `lead` are done with.
  std::size_t scan(std::string_view text, std::size_t lead, std::size_t offset) {
    const bool last = offset + (text.size() - lead) >= source_.size();
    const char *begin = text.data(), *end = begin + text.size(), *p = begin + lead;
    while ((p = static_cast<const char*>(std::memchr(p, 'I', static_cast<std::size_t>(end - p))))) {
      const auto here = static_cast<std::size_t>(p - begin);
      const bool line_start = here == 0 || p[-1] == '\n';
      if (!line_start) {
        ++p;
        continue;
      }
      if (!last && static_cast<std::size_t>(end - p) < header_room) return here - lead;
      if (text.substr(here).starts_with("ITEM: ")) item(text.substr(here), offset + here - lead);
      ++p;
    }
    return text.size() - lead;
  }

  void item(std::string_view text, std::size_t offset) {
    text.remove_prefix(6);
    const bool timestep = text.starts_with("TIMESTEP"), units = text.starts_with("UNITS");
    if (text.starts_with("ATOMS")) in_header_ = false;
    if (!timestep && !units && !text.starts_with("TIME")) return;
    std::vector<DumpFrameEntry>& frames = index_.frames;
    // UNITS and TIME stand before TIMESTEP; a second TIMESTEP means that the frame before it was cut off.
    if (!in_header_ || (timestep && frames.back().has_timestep)) frames.push_back({offset, 0, false});
    in_header_ = true;
    Lines lines(text.substr(0, std::min(text.size(), header_room)));
    std::string_view line;
    lines.next(line);
    if (!lines.next(line)) return;
    if (units) index_.units = units_at(source_.path(), source_.line_number(offset) + 1, trimmed(line));
    if (timestep) frames.back().has_timestep = is_integer(trimmed(line), frames.back().timestep);
  }

  const TextSource& source_;
  DumpIndex index_;
  bool in_header_ = false;
};

struct HeaderParser {
  Lines lines;
  const RowPlace& place;
  DumpHeader header;
  bool box = false, atoms = false, timestep = false;

  [[noreturn]] void fail(const std::string& what) const { throw FormatError(place.path, place.line(lines.number() - 1), what); }

  std::string_view line(const char* what) {
    std::string_view text;
    if (!lines.next(text)) fail(fmt::format("the dump must go on with {}, got the end of the file", what));
    return trimmed(text);
  }

  template <class Integer> Integer integer(const char* what) {
    const std::string_view text = line(what);
    Integer value{};
    if (!is_integer(text, value)) fail(fmt::format("{} must be a whole number, got '{}'", what, excerpt(text)));
    return value;
  }

  std::vector<double> reals(std::size_t n, const char* what) {
    const std::string_view text = line(what);
    const std::vector<std::string_view> parts = words(text);
    std::vector<double> values(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (!is_real(parts[i], values[i]) || !std::isfinite(values[i]))
        fail(fmt::format("{} must be finite numbers, got '{}'", what, excerpt(text)));
    if (values.size() < n) fail(fmt::format("{} must be {} numbers, got '{}'", what, n, excerpt(text)));
    return values;
  }

  void boundary(const std::vector<std::string_view>& flags, std::array<bool, 3>& periodic) {
    periodic = {true, true, true};
    header.flags_missing = flags.empty();
    if (flags.empty()) return;
    if (flags.size() != 3) fail(fmt::format("boundary flags must be three, got {}", flags.size()));
    for (std::size_t k = 0; k < 3; ++k) {
      if (flags[k].empty() || flags[k].find_first_not_of("pfsm") != std::string_view::npos)
        fail(fmt::format("boundary flags must be made of p, f, s and m, got '{}'", excerpt(flags[k])));
      periodic[k] = flags[k].front() == 'p';
      header.shrinks[k] = flags[k].find_first_of("sm") != std::string_view::npos;
    }
  }

  void bounds(std::string_view rest) {
    std::vector<std::string_view> flags = words(rest);
    const bool general = flags.size() >= 2 && flags[0] == "abc" && flags[1] == "origin";
    const bool tilted = flags.size() >= 3 && flags[0] == "xy" && flags[1] == "xz" && flags[2] == "yz";
    flags.erase(flags.begin(), flags.begin() + (general ? 2 : tilted ? 3 : 0));
    std::array<bool, 3> periodic;
    boundary(flags, periodic);
    const std::size_t n = general ? 4 : tilted ? 3 : 2;
    std::array<std::vector<double>, 3> v;
    for (auto& row : v) row = reals(n, "box bounds");
    try {
      header.box = general ? general_box(v, periodic) : restricted_box(v, tilted, periodic);
    } catch (const InputError& e) {
      fail(e.what());
    }
    box = true;
  }

  static Box general_box(const std::array<std::vector<double>, 3>& v, std::array<bool, 3> periodic) {
    const Mat3 edges = Mat3::columns({v[0][0], v[0][1], v[0][2]}, {v[1][0], v[1][1], v[1][2]}, {v[2][0], v[2][1], v[2][2]});
    return Box(edges, {v[0][3], v[1][3], v[2][3]}, periodic);
  }

  /// The file gives the bounding box of a tilted cell.
  static Box restricted_box(const std::array<std::vector<double>, 3>& v, bool tilted, std::array<bool, 3> periodic) {
    const Vec3 t = tilted ? Vec3{v[0][2], v[1][2], v[2][2]} : Vec3{};
    const Vec3 low{v[0][0] - std::min({0.0, t.x, t.y, t.x + t.y}), v[1][0] - std::min(0.0, t.z), v[2][0]};
    const Vec3 high{v[0][1] - std::max({0.0, t.x, t.y, t.x + t.y}), v[1][1] - std::max(0.0, t.z), v[2][1]};
    return Box::lammps(low, high, t.x, t.y, t.z, periodic);
  }

  void columns(std::string_view rest) {
    for (std::string_view w : words(rest)) header.columns.emplace_back(w);
    if (header.columns.empty()) fail("ITEM: ATOMS must name its columns, got none (a dump of a very old LAMMPS)");
    if (!timestep) fail("the dump's header must hold ITEM: TIMESTEP before ITEM: ATOMS, got none");
    if (!atoms) fail("the dump's header must hold ITEM: NUMBER OF ATOMS before ITEM: ATOMS, got none");
    if (!box) fail("the dump's header must hold ITEM: BOX BOUNDS before ITEM: ATOMS, got none");
    header.rows_offset = lines.position();
  }

  /// False after ITEM: ATOMS.
  bool item() {
    const std::string_view text = line("an ITEM line");
    const auto is = [&](std::string_view key) { return text.starts_with(key); };
    if (is("ITEM: TIMESTEP")) {
      header.timestep = integer<std::int64_t>("the timestep");
      timestep = true;
    } else if (is("ITEM: UNITS")) {
      line("the units");
    } else if (is("ITEM: TIME")) {
      header.time = reals(1, "the time")[0];
    } else if (is("ITEM: NUMBER OF ATOMS")) {
      header.atoms = integer<std::size_t>("the number of atoms");
      atoms = true;
    } else if (is("ITEM: BOX BOUNDS")) {
      bounds(text.substr(16));
    } else if (is("ITEM: ATOMS")) {
      columns(text.substr(11));
      return false;
    } else if (is("ITEM: ")) {
      fail(fmt::format("a dump's item must be UNITS, TIME, TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS or ATOMS, got '{}'", excerpt(text)));
    } else {
      fail(fmt::format("an ITEM line must stand here, got '{}'", excerpt(text)));
    }
    return true;
  }
};

}  // namespace

DumpIndex index_dump(const TextSource& source) {
  DumpIndex index = Indexer(source).run();
  if (index.frames.empty() || index.frames.front().offset != 0)
    throw FormatError(source.path(), 1,
                      fmt::format("a dump must begin with 'ITEM: TIMESTEP', got '{}'", excerpt(source.read(0, 40).view())));
  return index;
}

DumpHeader parse_dump_header(std::string_view text, const RowPlace& place) {
  HeaderParser parser{Lines(text), place, {}};
  while (parser.item()) {
  }
  parser.header.rows_line = parser.lines.number();
  return parser.header;
}

}  // namespace heteroglass::io
