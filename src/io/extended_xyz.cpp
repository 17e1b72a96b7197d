#include "io/extended_xyz.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "io/build_frame.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"
#include "io/xyz_comment.hpp"

namespace heteroglass::io {
namespace {

struct XyzEntry {
  std::size_t offset = 0, rows_offset = 0, end = 0, atoms = 0;
  bool whole = false;
};

constexpr std::size_t piece = std::size_t{1} << 22;

/// Walks over lines of a file of any size.
class Walker {
 public:
  explicit Walker(const TextSource& file) : file_(file) {}
  std::size_t offset() const { return base_ + at_; }

  /// Next line, cut to 300 characters; false at the end of the file.
  bool line(std::string& text) {
    text.clear();
    while (fill()) {
      const std::string_view rest = buffer_.view().substr(at_);
      const std::size_t end = rest.find('\n');
      text += rest.substr(0, std::min<std::size_t>(end, 300));
      if (end != std::string_view::npos) return at_ += end + 1, true;
      at_ += rest.size();
      if (!fill()) return true;
    }
    return false;
  }

  /// Goes over up to n lines and returns how many there were.
  std::size_t skip(std::size_t n) {
    std::size_t done = 0;
    while (done < n && fill()) {
      const char *p = buffer_.view().data() + at_, *end = buffer_.view().data() + buffer_.view().size();
      while (done < n && p < end) {
        const void* newline = std::memchr(p, '\n', static_cast<std::size_t>(end - p));
        if (!newline) break;
        p = static_cast<const char*>(newline) + 1;
        ++done;
      }
      const bool partial = done < n && p < end;
      at_ = partial ? buffer_.view().size() : static_cast<std::size_t>(p - buffer_.view().data());
      if (partial && !fill()) return done + 1;  // a last line without its end
    }
    return done;
  }

 private:
  bool fill() {
    if (at_ < buffer_.view().size()) return true;
    base_ += buffer_.view().size();
    at_ = 0;
    buffer_ = file_.read(base_, piece);
    return !buffer_.view().empty();
  }

  const TextSource& file_;
  Buffer buffer_;
  std::size_t base_ = 0, at_ = 0;
};

struct XyzPlan {
  std::vector<RowColumn> columns;
  std::vector<AtomProperty> properties;
  bool has_id = false, numbers = false;  ///< species given as atomic numbers
  std::vector<std::string> skipped;
};

class XyzPlanner {
 public:
  /// `words_in_row` of the first atom: plain XYZ may have more columns than it says.
  XyzPlan run(const std::vector<XyzColumn>& columns, std::size_t words_in_row) {
    for (const XyzColumn& c : columns) add(c);
    if (columns.empty()) {
      plan_.columns = {{Into::name, 0, 0}, {Into::coordinate, 0, 0}, {Into::coordinate, 1, 0}, {Into::coordinate, 2, 0}};
      plan_.columns.resize(std::max(plan_.columns.size(), words_in_row));
    }
    return std::move(plan_);
  }

 private:
  void add(const XyzColumn& c) {
    const auto is = [&](std::initializer_list<std::string_view> names) {
      return std::find(names.begin(), names.end(), c.name) != names.end();
    };
    if (c.kind == 'S' && c.components == 1 && is({"species", "element", "symbol", "symbols", "type"})) return push(Into::name, 1);
    if (c.kind != 'S' && c.components == 3 && is({"pos", "positions", "position"})) return push(Into::coordinate, 3);
    if (c.kind == 'R' && c.components == 3 && is({"velo", "vel", "velocity", "velocities"})) return push(Into::velocity, 3);
    if (c.kind == 'I' && c.components == 3 && is({"image"})) return push(Into::image, 3);
    if (c.kind == 'I' && c.components == 1 && is({"id"})) return plan_.has_id = true, push(Into::id, 1);
    if (c.kind == 'I' && c.components == 1 && is({"type"})) return push(Into::type, 1);
    if (c.kind == 'R' && c.components == 1 && is({"mass", "masses"})) return push(Into::mass, 1);
    if (c.kind == 'S' || c.kind == 'L') {
      plan_.skipped.push_back(c.name);
      return push(Into::nothing, c.components);
    }
    for (std::size_t k = 0; k < c.components; ++k) plan_.columns.push_back({Into::property, k, plan_.properties.size()});
    plan_.properties.push_back({c.name, "", c.components, {}});
  }

  void push(Into into, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) plan_.columns.push_back({into, k, 0});
  }

  XyzPlan plan_;
};

std::vector<double> reals(const std::string& text) {
  std::vector<double> values;
  std::string plain = text;
  std::replace(plain.begin(), plain.end(), ',', ' ');
  for (std::string_view w : words(plain)) {
    double v = 0;
    if (!is_real(w, v)) return {};
    values.push_back(v);
  }
  return values;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

class ExtendedXyz final : public Trajectory {
 public:
  ExtendedXyz(const std::string& path, ReadOptions options) : file_(path), options_(std::move(options)) {
    source_ = path;
    index();
    collect_warnings();
  }

  std::size_t size() const override { return frames_.size(); }
  std::vector<std::string> warnings() const override { return warnings_; }
  std::int64_t timestep(std::size_t i) const override {
    const auto comment = comment_of(frames_.at(i));
    return step_in(comment, i);
  }

  Frame frame(std::size_t i) const override {
    const XyzEntry& entry = frames_.at(i);
    const auto line = [this, &entry] { return file_.line_number(entry.offset); };
    const Buffer buffer = file_.read(entry.rows_offset, entry.end - entry.rows_offset);
    const std::string_view text = buffer.view();
    if (!entry.whole)
      throw FormatError(file_.path(), line() + 1 + count_rows(text),
                        fmt::format("a frame must have {} atoms, got {} lines before the end of the file{}", entry.atoms, count_rows(text),
                                    i > 0 ? fmt::format("; the last whole frame is {}@{}", file_.path(), i - 1) : ""));
    FrameParts parts;
    parts.place = {file_.path(), [line] { return line() + 2; }};
    const auto comment = comment_of(entry);
    const XyzPlan plan = plan_of(comment, text, [&] { return line() + 1; });
    parts.rows.properties = plan.properties;
    parse_rows(text, entry.atoms, plan.columns, parts.place, parts.rows);
    describe(comment, parts, i, [&] { return line() + 1; });
    parts.source = size() > 1 ? fmt::format("{}@{}", file_.path(), i) : file_.path();
    return build_frame(std::move(parts), options_);
  }

 private:
  using Comment = std::map<std::string, std::string>;
  using Line = std::function<std::size_t()>;

  void index() {
    Walker walk(file_);
    std::string text;
    while (true) {
      XyzEntry e;
      e.offset = walk.offset();
      if (!walk.line(text)) break;
      if (trimmed(text).empty()) {
        if (rest_is_blank(walk)) break;
        throw FormatError(file_.path(), file_.line_number(e.offset), "a frame must begin with its number of atoms, got an empty line");
      }
      if (!is_integer(trimmed(text), e.atoms) || e.atoms == 0)
        throw FormatError(file_.path(), file_.line_number(e.offset),
                          fmt::format("a frame must begin with its number of atoms, got '{}'", excerpt(text)));
      walk.line(text);
      e.rows_offset = walk.offset();
      e.whole = walk.skip(e.atoms) == e.atoms;
      e.end = walk.offset();
      frames_.push_back(e);
    }
    if (frames_.empty()) throw FormatError(file_.path(), 1, "a file must hold at least one frame, got none");
  }

  static bool rest_is_blank(Walker& walk) {
    std::string text;
    while (walk.line(text))
      if (!trimmed(text).empty()) return false;
    return true;
  }

  Comment comment_of(const XyzEntry& e) const {
    const Buffer head = file_.read(e.offset, e.rows_offset - e.offset);
    const std::string_view text = head.view();
    const std::size_t first = text.find('\n');
    if (first == std::string_view::npos) return {};
    std::string_view comment = text.substr(first + 1);
    return parse_xyz_comment(comment.substr(0, comment.find('\n')));
  }

  XyzPlan plan_of(const Comment& comment, std::string_view rows, const Line& line) const {
    std::vector<XyzColumn> columns;
    if (const auto p = comment.find("properties"); p != comment.end()) {
      columns = parse_xyz_columns(p->second);
      if (columns.empty())
        throw FormatError(file_.path(), line(),
                          fmt::format("Properties must be name:kind:count triples with kind S, R, I or L, got '{}'", excerpt(p->second)));
    }
    XyzPlan plan = XyzPlanner().run(columns, words(rows.substr(0, rows.find('\n'))).size());
    const auto coordinates =
        std::count_if(plan.columns.begin(), plan.columns.end(), [](const RowColumn& c) { return c.into == Into::coordinate; });
    if (coordinates != 3)
      throw FormatError(file_.path(), line(), fmt::format("Properties must hold pos:R:3 once, got {} coordinates", coordinates));
    if (const auto u = comment.find("property_units"); u != comment.end())
      for (const std::string& pair : split(u->second, ';'))
        for (AtomProperty& property : plan.properties)
          if (pair.starts_with(property.name + ":")) property.unit = pair.substr(property.name.size() + 1);
    return plan;
  }

  static std::int64_t step_in(const Comment& comment, std::size_t i) {
    for (const char* key : {"timestep", "step"})
      if (const auto s = comment.find(key); s != comment.end()) {
        std::int64_t step = 0;
        if (is_integer(std::string_view(s->second), step)) return step;
      }
    return static_cast<std::int64_t>(i);
  }

  void describe(const Comment& comment, FrameParts& parts, std::size_t i, const Line& line) const {
    const auto value = [&](const char* key) -> const std::string* {
      const auto found = comment.find(key);
      return found == comment.end() ? nullptr : &found->second;
    };
    parts.timestep = step_in(comment, i);
    if (const std::string* t = value("time"))
      if (const std::vector<double> v = reals(*t); v.size() == 1 && std::isfinite(v[0])) parts.time = v[0];
    if (const std::string* u = value("units"))
      if (*u == "metal" || *u == "real" || *u == "lj") parts.units = unit_system(*u);
    if (const std::string* order = value("species_order"))
      for (std::string_view w : words(*order)) parts.species.push_back({w == "X" ? std::string() : std::string(w), 0});
    if (const std::string* masses = value("masses")) {
      const std::vector<double> v = reals(*masses);
      for (std::size_t t = 0; t < std::min(v.size(), parts.species.size()); ++t)
        if (v[t] > 0 && std::isfinite(v[t])) parts.species[t].mass = v[t];
    }
    make_box(value("lattice"), value("pbc"), value("origin"), parts, line);
  }

  void make_box(const std::string* lattice, const std::string* pbc, const std::string* origin, FrameParts& parts, const Line& line) const {
    const auto fail = [&](const std::string& what) -> FormatError { return {file_.path(), line(), what}; };
    std::array<bool, 3> periodic{lattice != nullptr, lattice != nullptr, lattice != nullptr};
    if (pbc) {
      std::string flags;
      for (std::string_view w : words(*pbc)) flags += w.front();
      if (words(*pbc).size() == 1) flags = *pbc;
      if (flags.size() != 3 || flags.find_first_not_of("TFtf10") != std::string_view::npos)
        throw fail(fmt::format("pbc must be three of T and F, got '{}'", excerpt(*pbc)));
      for (std::size_t k = 0; k < 3; ++k) periodic[k] = flags[k] == 'T' || flags[k] == 't' || flags[k] == '1';
    }
    Vec3 corner;
    if (origin) {
      const std::vector<double> v = reals(*origin);
      if (v.size() != 3) throw fail(fmt::format("Origin must be three numbers, got '{}'", excerpt(*origin)));
      corner = {v[0], v[1], v[2]};
    }
    if (!lattice) return bounding_box(parts);
    std::vector<double> v = reals(*lattice);
    if (v.size() == 3) v = {v[0], 0, 0, 0, v[1], 0, 0, 0, v[2]};
    if (v.size() != 9) throw fail(fmt::format("Lattice must be nine numbers, got '{}'", excerpt(*lattice)));
    const Mat3 edges = Mat3::columns({v[0], v[1], v[2]}, {v[3], v[4], v[5]}, {v[6], v[7], v[8]});
    try {
      parts.box = Box(edges, corner, periodic);
    } catch (const InputError& e) {
      throw fail(e.what());
    }
  }

  static void bounding_box(FrameParts& parts) {
    Vec3 low = parts.rows.coordinate.front(), high = low;
    for (const Vec3& r : parts.rows.coordinate)
      for (std::size_t k = 0; k < 3; ++k) low[k] = std::min(low[k], r[k]), high[k] = std::max(high[k], r[k]);
    for (std::size_t k = 0; k < 3; ++k) low[k] -= 1, high[k] += 1;
    parts.box = Box::orthogonal(high - low, low, {false, false, false});
  }

  void collect_warnings() {
    if (file_.cut()) warnings_.push_back(fmt::format("{}: the compressed data end early; what could be unpacked is read", file_.path()));
    const XyzEntry& e = frames_.front();
    const Comment comment = comment_of(e);
    if (!comment.contains("lattice"))
      warnings_.push_back(fmt::format(
          "{}: no Lattice; the box is the atoms' bounding box widened by 1 angstrom, not periodic: densities and volumes mean nothing",
          file_.path()));
    if (options_.units == UnitSystem::unknown && (!comment.contains("units")))
      warnings_.push_back(fmt::format("{}: the file does not say its units; metal is assumed (--units metal, real or lj)", file_.path()));
    if (!frames_.back().whole && size() > 1)
      warnings_.push_back(fmt::format("{}: the last frame is not whole: the file ends in the middle of it", file_.path()));
  }

  TextSource file_;
  ReadOptions options_;
  std::vector<XyzEntry> frames_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Trajectory> open_extended_xyz(const std::string& path, const ReadOptions& options) {
  return std::make_unique<ExtendedXyz>(path, options);
}

}  // namespace heteroglass::io
