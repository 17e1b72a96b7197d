#include "io/lammps_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>

#include "core/elements.hpp"
#include "core/error.hpp"
#include "io/build_frame.hpp"
#include "io/number.hpp"
#include "io/one_frame.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

struct Style {
  std::string_view name;
  std::vector<RowColumn> columns;
  std::vector<std::string_view> properties;
};

/// Columns of the styles; `molecule`, `charge`, ... become properties.
const std::vector<Style>& styles() {
  const RowColumn id{Into::id, 0, 0}, type{Into::type, 0, 0}, x{Into::coordinate, 0, 0}, y{Into::coordinate, 1, 0},
      z{Into::coordinate, 2, 0}, first{Into::property, 0, 0}, second{Into::property, 0, 1};
  static const std::vector<Style> table = {
      {"atomic", {id, type, x, y, z}, {}},
      {"charge", {id, type, first, x, y, z}, {"q"}},
      {"molecular", {id, first, type, x, y, z}, {"mol"}},
      {"bond", {id, first, type, x, y, z}, {"mol"}},
      {"angle", {id, first, type, x, y, z}, {"mol"}},
      {"full", {id, first, type, second, x, y, z}, {"mol", "q"}},
      {"sphere", {id, type, first, second, x, y, z}, {"diameter", "density"}},
  };
  return table;
}

class DataReader {
 public:
  DataReader(const std::string& path, const ReadOptions& options)
      : file_(path), options_(options), buffer_(file_.read(0, file_.size())), lines_(buffer_.view()) {
    if (file_.cut()) throw FormatError(path, 0, "compressed data must be whole, got data that end early");
  }

  Frame read() {
    title();
    std::string_view section = header();
    while (!section.empty()) section = read_section(section);
    if (parts_.rows.size() == 0)
      fail_at(lines_.number(), fmt::format("a data file must have a section Atoms with {} atoms, got none", atoms_));
    join_velocities();
    for (std::size_t t = 0; t < parts_.species.size(); ++t)
      if (parts_.species[t].name.empty() && labels_.contains(t + 1)) parts_.species[t].name = labels_[t + 1];
    parts_.source = file_.path();
    warn_units();
    return build_frame(std::move(parts_), options_);
  }

  std::vector<std::string> take_warnings() { return std::move(warnings_); }

 private:
  [[noreturn]] void fail_at(std::size_t line, const std::string& what) const { throw FormatError(file_.path(), line, what); }
  [[noreturn]] void fail(const std::string& what) const { fail_at(lines_.number(), what); }

  void title() {
    std::string_view line;
    if (!lines_.next(line)) fail_at(1, "a data file must not be empty");
    if (const std::size_t at = line.find("timestep = "); at != std::string_view::npos) {
      const std::vector<std::string_view> value = words(line.substr(at + 11));
      if (!value.empty()) static_cast<void>(is_integer(value[0].substr(0, value[0].find(',')), parts_.timestep));
    }
    if (const std::size_t at = line.find("time = "); at != std::string_view::npos && (at == 0 || line[at - 1] == ' ')) {
      const std::vector<std::string_view> value = words(line.substr(at + 7));
      double time = 0;
      if (!value.empty() && is_real(value[0].substr(0, value[0].find(',')), time) && std::isfinite(time)) parts_.time = time;
    }
    units_in(line, "units = ");
    units_in(line, "UNITS ");
  }

  void units_in(std::string_view line, std::string_view key) {
    const std::size_t at = line.find(key);
    if (at == std::string_view::npos || parts_.units != UnitSystem::unknown) return;
    const std::vector<std::string_view> value = words(line.substr(at + key.size()));
    if (!value.empty()) parts_.units = units_at(file_.path(), lines_.number(), value[0].substr(0, value[0].find(',')));
  }

  /// Reads up to the first section, whose name it returns.
  std::string_view header() {
    std::string_view line, section;
    while (section.empty() && lines_.next(line)) {
      if (const std::size_t comment = line.find('#');
          comment != std::string_view::npos && trimmed(line.substr(comment + 1)).starts_with("UNITS"))
        units_in(line, "UNITS ");
      const std::string_view text = trimmed(line.substr(0, line.find('#')));
      if (text.empty()) continue;
      if (std::isalpha(static_cast<unsigned char>(text.front()))) {
        section = line;
      } else {
        header_line(text);
      }
    }
    if (atoms_ == 0) fail("the header must say how many atoms there are ('N atoms', N > 0) before the first section, got none");
    make_box();
    parts_.species.resize(types_);
    return section;
  }

  void header_line(std::string_view text) {
    const std::vector<std::string_view> w = words(text);
    const auto ends = [&](std::initializer_list<std::string_view> key) {
      return w.size() > key.size() && std::equal(key.begin(), key.end(), w.end() - static_cast<std::ptrdiff_t>(key.size()));
    };
    const auto count = [&](std::size_t& value, std::size_t most) {
      if (!is_integer(w[0], value) || value > most)
        fail(fmt::format("'{}' must be a whole number up to {}, got '{}'", w.back(), most, excerpt(text)));
    };
    if (ends({"atoms"}) && w.size() == 2) count(atoms_, std::size_t{1} << 40);
    if (ends({"atom", "types"})) count(types_, most_types);
    for (std::size_t k = 0; k < 3; ++k) {
      static constexpr std::array<std::array<std::string_view, 2>, 3> bounds = {{{"xlo", "xhi"}, {"ylo", "yhi"}, {"zlo", "zhi"}}};
      static constexpr std::array<std::string_view, 3> vectors = {"avec", "bvec", "cvec"};
      if (ends({bounds[k][0], bounds[k][1]})) {
        const std::vector<double> v = reals(w, 2, text);
        low_[k] = v[0], high_[k] = v[1];
        box_line_ = lines_.number();
        found_[k] = true;
      }
      if (ends({vectors[k]})) {
        const std::vector<double> v = reals(w, 3, text);
        for (std::size_t i = 0; i < 3; ++i) edges_[i][k] = v[i];
        box_line_ = lines_.number();
        found_[k] = general_ = true;
      }
    }
    if (ends({"xy", "xz", "yz"})) {
      const std::vector<double> v = reals(w, 3, text);
      tilt_ = {v[0], v[1], v[2]};
    }
    if (ends({"abc", "origin"})) {
      const std::vector<double> v = reals(w, 3, text);
      low_ = {v[0], v[1], v[2]};
    }
  }

  std::vector<double> reals(const std::vector<std::string_view>& w, std::size_t n, std::string_view text) const {
    std::vector<double> v(n);
    for (std::size_t i = 0; i < n; ++i)
      if (i >= w.size() || !is_real(w[i], v[i]) || !std::isfinite(v[i]))
        fail(fmt::format("the box must be given by {} finite numbers, got '{}'", n, excerpt(text)));
    return v;
  }

  void make_box() {
    if (!(found_[0] && found_[1] && found_[2]))
      fail("the header must give the box (xlo xhi, ylo yhi, zlo zhi) before the first section, got no such lines");
    try {
      parts_.box = general_ ? Box(edges_, low_) : Box::lammps(low_, high_, tilt_.x, tilt_.y, tilt_.z);
    } catch (const InputError& e) {
      fail_at(box_line_, e.what());
    }
  }

  /// Reads the section that `line` opens and returns the line that opens the next.
  std::string_view read_section(std::string_view line) {
    const std::size_t comment = line.find('#');
    const std::string name(trimmed(line.substr(0, comment)));
    const std::string_view style = comment == std::string_view::npos ? std::string_view{} : trimmed(line.substr(comment + 1));
    if (name == "Atoms") {
      atoms(style);
    } else if (name == "Velocities") {
      velocities();
    } else if (name == "Masses") {
      masses();
    } else if (name == "Atom Type Labels") {
      labels();
    }
    std::string_view next;
    while (lines_.next(next))
      if (!trimmed(next).empty() && std::isalpha(static_cast<unsigned char>(trimmed(next).front()))) return next;
    return {};
  }

  /// The next n lines that belong to a section, behind its blank line.
  std::string_view section_rows(const char* name, std::size_t n, std::size_t& first_line) {
    std::string_view line;
    std::size_t begin = lines_.position();
    first_line = lines_.number() + 1;
    while (lines_.next(line) && trimmed(line).empty()) begin = lines_.position(), first_line = lines_.number() + 1;
    for (std::size_t k = 0; k < n; ++k) {
      if (trimmed(line).empty() || std::isalpha(static_cast<unsigned char>(trimmed(line).front())))
        fail(fmt::format("section {} must have {} lines, got {}", name, n, k));
      if (k + 1 < n && !lines_.next(line))
        fail(fmt::format("section {} must have {} lines, got {} before the end of the file", name, n, k + 1));
    }
    return buffer_.view().substr(begin, lines_.position() - begin);
  }

  void masses() {
    std::size_t first = 0;
    const std::string_view text = section_rows("Masses", types_, first);
    Lines rows(text, first);
    std::string_view line;
    while (rows.next(line)) {
      const std::vector<std::string_view> w = words(line);
      std::size_t type = 0;
      double mass = 0;
      if (w.size() < 2 || !is_integer(w[0], type) || type < 1 || type > types_ || !is_real(w[1], mass) || !(mass > 0) ||
          !std::isfinite(mass))
        fail_at(rows.number(),
                fmt::format("a line of Masses must be a type from 1 to {} and a positive mass, got '{}'", types_, excerpt(line)));
      Species& s = parts_.species[type - 1];
      s.mass = mass;
      if (w.size() > 3 && w[2] == "#")
        if (const Element* e = find_element(w[3]); e && !mass_contradicts(*e, mass)) s.name = e->symbol;
    }
  }

  void labels() {
    std::size_t first = 0;
    const std::string_view text = section_rows("Atom Type Labels", types_, first);
    Lines rows(text, first);
    std::string_view line;
    while (rows.next(line)) {
      const std::vector<std::string_view> w = words(line);
      std::size_t type = 0;
      if (w.size() < 2 || !is_integer(w[0], type) || type < 1 || type > types_)
        fail_at(rows.number(),
                fmt::format("a line of Atom Type Labels must be a type from 1 to {} and a name, got '{}'", types_, excerpt(line)));
      labels_[type] = std::string(w[1]);
    }
  }

  const Style& style_named(std::string_view name) const {
    for (const Style& s : styles())
      if (s.name == name) return s;
    fail(fmt::format("the atom style must be atomic, charge, bond, angle, molecular, full or sphere, got '{}'", excerpt(name)));
  }

  const Style& style_from(const std::vector<std::string_view>& row, std::size_t line) const {
    switch (row.size()) {
      case 5:
      case 8:
        return style_named("atomic");
      case 7:
      case 10:
        return style_named("full");
      case 6:
      case 9: {
        std::int64_t second = 0, third = 0;
        const auto is_type = [&](std::string_view word, std::int64_t& v) {
          return is_integer(word, v) && v >= 1 && v <= static_cast<std::int64_t>(types_);
        };
        const bool charge = is_type(row[1], second), molecular = is_type(row[2], third);
        if (charge != molecular) return style_named(charge ? "charge" : "molecular");
        fail_at(
            line,
            "the atom style must be told apart, got columns that fit charge and molecular; write it in the section's line: Atoms # charge");
      }
      default:
        fail_at(line, fmt::format("an atom's line must have 5 to 10 columns, got {}", row.size()));
    }
  }

  void atoms(std::string_view style_name) {
    std::size_t first = 0;
    const std::string_view text = section_rows("Atoms", atoms_, first);
    std::string_view row = text.substr(0, text.find('\n'));
    row = row.substr(0, row.find('#'));
    const std::vector<std::string_view> w = words(row);
    const Style& style = style_name.empty() ? style_from(w, first) : style_named(style_name);
    std::vector<RowColumn> columns = style.columns;
    if (w.size() == columns.size() + 3)
      for (std::size_t k = 0; k < 3; ++k) columns.push_back({Into::image, k, 0});
    for (std::string_view name : style.properties) parts_.rows.properties.push_back({std::string(name), "", 1, {}});
    parts_.place = {file_.path(), [first] { return first; }};
    parse_rows(text, atoms_, columns, parts_.place, parts_.rows);
    const std::vector<int>& type = parts_.rows.type;
    for (std::size_t i = 0; i < type.size() && types_ > 0; ++i)
      if (static_cast<std::size_t>(type[i]) > types_)
        fail_at(first + i, fmt::format("atom types must be 1 to {}, got {}", types_, type[i]));
  }

  void velocities() {
    std::size_t first = 0;
    const std::string_view text = section_rows("Velocities", atoms_, first);
    std::vector<RowColumn> columns = {{Into::id, 0, 0}, {Into::velocity, 0, 0}, {Into::velocity, 1, 0}, {Into::velocity, 2, 0}};
    columns.resize(std::max(columns.size(), words(text.substr(0, text.find('\n'))).size()));
    velocity_place_ = {file_.path(), [first] { return first; }};
    parse_rows(text, atoms_, columns, velocity_place_, velocities_);
  }

  void join_velocities() {
    if (velocities_.velocity.empty()) return;
    sort_rows(velocities_, velocity_place_);
    sort_rows(parts_.rows, parts_.place);
    if (velocities_.id != parts_.rows.id) {
      const auto [atom, other] = std::mismatch(parts_.rows.id.begin(), parts_.rows.id.end(), velocities_.id.begin());
      fail_at(velocity_place_.first_line(),
              fmt::format("Velocities must be given for the atoms of section Atoms, got none for atom {}", std::min(*atom, *other)));
    }
    parts_.rows.velocity = std::move(velocities_.velocity);
  }

  void warn_units() {
    if (parts_.units == UnitSystem::unknown && options_.units == UnitSystem::unknown)
      warnings_.push_back(fmt::format("{}: the file does not say its units; metal is assumed (--units metal, real or lj)", file_.path()));
  }

  TextSource file_;
  ReadOptions options_;
  Buffer buffer_;
  Lines lines_;
  FrameParts parts_;
  AtomRows velocities_;
  RowPlace velocity_place_;
  std::map<std::size_t, std::string> labels_;
  std::vector<std::string> warnings_;
  std::size_t atoms_ = 0, types_ = 0, box_line_ = 0;
  std::array<bool, 3> found_{};
  bool general_ = false;
  Vec3 low_, high_, tilt_;
  Mat3 edges_;
};

}  // namespace

std::unique_ptr<Trajectory> open_lammps_data(const std::string& path, const ReadOptions& options) {
  DataReader reader(path, options);
  Frame frame = reader.read();
  return std::make_unique<OneFrame>(std::move(frame), reader.take_warnings());
}

}  // namespace heteroglass::io
