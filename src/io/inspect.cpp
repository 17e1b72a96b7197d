#include "io/inspect.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>
#include <utility>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "io/curve_file.hpp"
#include "io/encoding.hpp"
#include "io/file_sequence.hpp"
#include "io/hdf5_store.hpp"
#include "io/inspect_grid.hpp"
#include "io/lammps_dump.hpp"

namespace heteroglass::io {
namespace {

class Inspector {
 public:
  Inspector(const std::string& spec, ReadOptions options) : selection_(parse_selection(spec)), options_(std::move(options)) {
    report_.path = selection_.path;
  }

  Inspection run() {
    const bool pattern = !std::filesystem::exists(selection_.path) && selection_.path.find_first_of("*?[") != std::string::npos;
    std::string first = selection_.path;
    if (pattern) {
      const std::vector<std::string> files = matching_files(selection_.path);
      if (files.empty()) throw FormatError(selection_.path, 0, "the pattern must match at least one file, got none");
      add("files", fmt::format("{} ({} to {})", files.size(), files.front(), files.back()));
      first = files.front();
    }
    report_.format = format_of_file(first);
    add("format", std::string(name(report_.format)));
    if (!pattern) add("size", fmt::format("{} bytes", std::filesystem::file_size(first)));
    content(first);
    return std::move(report_);
  }

 private:
  void add(const std::string& key, const std::string& value) { report_.rows.push_back({key, value}); }

  void content(const std::string& file) {
    if (holds_curves(report_.format)) return curves();
    switch (report_.format) {
      case Format::lammps_dump:
        dump_columns(file);
        return configuration();
      case Format::lammps_data:
      case Format::extended_xyz:
        return configuration();
      case Format::hdf5:
        return store();
      case Format::tiff:
      case Format::nrrd:
      case Format::meta_image:
        return inspect_volume(report_, file);
      case Format::igor_binary:
      case Format::gwyddion:
      case Format::gwyddion_field:
      case Format::nanoscope:
      case Format::nanosurf_image:
        return inspect_image(report_, file);
      case Format::unknown:
        if (std::filesystem::is_regular_file(file) && std::filesystem::file_size(file) == 0)
          return add("understood", "nothing: the file is empty");
        add("understood", "nothing: no format that this version knows");
        return add("next", "heteroglass list");
      default:
        add("understood", fmt::format("recognised as {}, but this version of heteroglass does not read it", name(report_.format)));
        return advise_conversion();
    }
  }

  void advise_conversion() {
    switch (report_.format) {
      case Format::lammps_restart:
        return add("next", fmt::format("lmp -restart2data {} remap OUT.data", report_.path));
      case Format::lammps_binary_dump:
        return add("next", "write the dump as text: a name without .bin");
      case Format::dsc_text:
        return add("next", "export it as a table: one row of names, one of units, numbers with decimal points");
      default:
        return add("next", "heteroglass list");
    }
  }

  void dump_columns(const std::string& file) {
    const DumpSummary summary = lammps_dump_summary(file);
    add("columns", fmt::format("{}", fmt::join(summary.columns, " ")));
    file_units_ = summary.units;
  }

  void configuration() {
    const std::unique_ptr<Trajectory> trajectory = open_trajectory(selection_.path, options_);
    report_.warnings = trajectory->warnings();
    const std::size_t n = trajectory->size();
    add("frames", std::to_string(n));
    if (n > 1) add("timesteps", steps(*trajectory));
    std::size_t shown = selected_frames(selection_, n).back();
    const Frame f = frame(*trajectory, shown);
    add("frame", fmt::format("{} (timestep {})", shown, f.timestep));
    if (f.time) add("time", fmt::format("{} {}", *f.time, unit_in(f.units, "ps")));
    const bool assumed = std::any_of(report_.warnings.begin(), report_.warnings.end(),
                                     [](const std::string& w) { return w.find("does not say its units") != std::string_view::npos; });
    add("units", fmt::format("{}{}", name(f.units),
                             assumed                           ? " (assumed: the file does not say)"
                             : file_units_ == UnitSystem::real ? " (converted from real)"
                                                               : ""));
    atoms(f);
    box(f);
    missing(f, assumed);
    next(f, n);
  }

  /// A cut last frame is reported, and the one before it shown.
  Frame frame(const Trajectory& t, std::size_t& shown) {
    try {
      return t.frame(shown);
    } catch (const FormatError& e) {
      if (shown == 0 || shown + 1 != t.size() || selection_.start) throw;
      add("damaged", e.what());
      return t.frame(--shown);
    }
  }

  static std::string steps(const Trajectory& t) {
    std::set<std::int64_t> strides;
    for (std::size_t i = 1; i < t.size() && strides.size() < 2; ++i) strides.insert(t.timestep(i) - t.timestep(i - 1));
    return fmt::format("{} to {}{}", t.timestep(0), t.timestep(t.size() - 1),
                       strides.size() == 1 ? fmt::format(" every {}", *strides.begin()) : ", unevenly spaced");
  }

  void atoms(const Frame& f) {
    add("atoms", std::to_string(f.size()));
    const std::vector<std::size_t> counts = f.species_counts();
    for (std::size_t s = 0; s < counts.size(); ++s) {
      const std::string mass =
          f.species[s].mass > 0 ? fmt::format("mass {} {}", f.species[s].mass, unit_in(f.units, "g/mol")) : "mass unknown";
      const std::string label = f.species[s].name.empty() ? "unnamed" : f.species[s].name;
      add("species", fmt::format("{}: type {}, {} atoms ({:.4g} %), {}", label, s + 1, counts[s],
                                 100.0 * static_cast<double>(counts[s]) / static_cast<double>(f.size()), mass));
    }
    std::vector<std::string> known = {"positions"};
    if (!f.image.empty()) known.emplace_back("images");
    if (!f.velocity.empty()) known.emplace_back("velocities");
    add("per atom", fmt::format("{}", fmt::join(known, ", ")));
    for (const AtomProperty& p : f.properties)
      add("property", fmt::format("{}{}", p.name, p.components > 1 ? fmt::format(" ({} components)", p.components) : ""));
  }

  void box(const Frame& f) {
    const std::string length = unit_in(f.units, "angstrom");
    const Mat3& h = f.box.edges();
    if (f.box.is_orthogonal()) {
      add("box", fmt::format("{:.8g} x {:.8g} x {:.8g} {}", h[0][0], h[1][1], h[2][2], length));
    } else if (f.box.is_lammps()) {
      add("box", fmt::format("triclinic {:.8g} x {:.8g} x {:.8g}, tilts {:.6g} {:.6g} {:.6g} {}", h[0][0], h[1][1], h[2][2], h[0][1],
                             h[0][2], h[1][2], length));
    } else {
      add("box", fmt::format("general triclinic, volume {:.8g} {}^3", f.box.volume(), length));
    }
    add("boundaries", fmt::format("{} {} {}", f.box.periodic(0) ? "periodic" : "open", f.box.periodic(1) ? "periodic" : "open",
                                  f.box.periodic(2) ? "periodic" : "open"));
    double mass = 0;
    const std::vector<std::size_t> counts = f.species_counts();
    for (std::size_t s = 0; s < counts.size(); ++s)
      mass += static_cast<double>(counts[s]) * (f.species[s].mass > 0 ? f.species[s].mass : std::numeric_limits<double>::quiet_NaN());
    if (f.units == UnitSystem::lj) {
      add("density", fmt::format("{:.6g} atoms/sigma^3", static_cast<double>(f.size()) / f.box.volume()));
    } else if (std::isfinite(mass) && f.box.fully_periodic()) {
      add("density", fmt::format("{:.6g} g/cm^3", mass / f.box.volume() * constants::density_factor));
    }
  }

  void missing(const Frame& f, bool assumed) {
    if (assumed) add("missing", "units: give --units metal, real or lj");
    if (f.units != UnitSystem::lj && std::any_of(f.species.begin(), f.species.end(), [](const Species& s) { return s.name.empty(); }))
      add("missing", "elements: give --elements in order of type, e.g. --elements Cu,Zr");
    if (!f.time) add("missing", "time: give --timestep where a time is needed, e.g. --timestep 0.002ps");
    if (f.image.empty()) add("missing", "images: displacements are found by the shortest way");
  }

  void next(const Frame& f, std::size_t frames) {
    std::string flags;
    const bool unnamed = std::any_of(f.species.begin(), f.species.end(), [](const Species& s) { return s.name.empty(); });
    if (unnamed && f.units != UnitSystem::lj) flags = " --elements " + std::string(f.species.size() == 1 ? "Cu" : "Cu,Zr");
    const char* quote = report_.path.find_first_of("*?[ ") == std::string::npos ? "" : "'";  // the shell must not expand a pattern
    add("next", fmt::format("heteroglass structure voronoi {0}{1}{0}{2}", quote, report_.path, flags));
    if (frames > 1) add("next", fmt::format("heteroglass deform strain {0}{1}@0{0} {0}{1}@-1{0}{2}", quote, report_.path, flags));
  }

  void curves() {
    const bool text = report_.format != Format::xls && report_.format != Format::xlsx && report_.format != Format::nanosurf_spectra;
    if (text) add("encoding", decoded_file(selection_.path).encoding);
    const std::vector<Curve> curves = read_curves(selection_.path);
    if (curves.size() == 1 && is_matrix(curves.front())) return matrix(curves.front());
    add(report_.format == Format::lammps_log ? "runs" : "tables", std::to_string(curves.size()));
    std::set<std::string> without;
    bool same = false;
    for (std::size_t i = 0; i < curves.size(); ++i) {
      const Curve& c = curves[i];
      add("table", fmt::format("{}: {} rows", c.label.empty() ? c.source : fmt::format("{} ({})", i + 1, c.label), c.size()));
      properties(c, i > 0 ? &curves[i - 1] : nullptr);
      same = i > 0 && same_columns(c, curves[i - 1]) && curves.size() > 4;
      if (!same) columns(c);
      for (const CurveColumn& column : c.columns)
        if (column.unit.empty()) without.insert(column.name);
      for (const std::string& w : c.warnings)
        if (std::find(report_.warnings.begin(), report_.warnings.end(), w) == report_.warnings.end()) report_.warnings.push_back(w);
    }
    if (!without.empty())
      add("missing", fmt::format("units of {}: give --column-units {}=UNIT", fmt::join(without, ", "), *without.begin()));
    if (has_heat_flow(curves) && !curves.front().properties.contains("exotherm"))
      add("missing", "direction of exotherms: give --exotherm up or down");
    if (curves.size() > 1) add("steps", fmt::format("choose with --step 1 to {}, or by label", curves.size()));
  }

  /// Many columns without names and units: an image as text rather than curves.
  static bool is_matrix(const Curve& c) {
    constexpr std::size_t least = 12;
    return c.columns.size() >= least && c.size() >= 2 && std::all_of(c.columns.begin(), c.columns.end(), [](const CurveColumn& column) {
             return column.unit.empty() && column.name.starts_with("column ");
           });
  }

  void matrix(const Curve& c) {
    add("matrix", fmt::format("{} rows of {} numbers without names", c.size(), c.columns.size()));
    add("understood", "an image, a row of pixels a line, for analyses of images; or a table, with --columns ROLE=#NUMBER");
    add("next", fmt::format("heteroglass probes modulus-map '{}' --channels modulus=#1 --channel-units modulus=UNIT --pixel-size SIZE",
                            selection_.path));
    add("next", fmt::format("heteroglass probes tapping-afm '{}' --channels phase=#1 --channel-units phase=UNIT --pixel-size SIZE",
                            selection_.path));
  }

  static bool same_columns(const Curve& a, const Curve& b) {
    return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                      [](const CurveColumn& x, const CurveColumn& y) { return x.name == y.name && x.unit == y.unit; });
  }

  static bool has_heat_flow(const std::vector<Curve>& curves) {
    for (const Curve& c : curves)
      for (const CurveColumn& column : c.columns) {
        std::string name = column.name;
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char x) { return static_cast<char>(std::tolower(x)); });
        if (name.find("heat") != std::string::npos || name.starts_with("dsc")) return true;
      }
    return false;
  }

  void properties(const Curve& c, const Curve* before) {
    for (const auto& [name, p] : c.properties) {
      if (before && before->properties.contains(name) && before->properties.at(name).value == p.value) continue;
      if (name == "exotherm")
        add("exotherm", p.value > 0 ? "up" : "down");
      else
        add("property", fmt::format("{} {} {}", name, p.value, p.unit));
    }
  }

  void columns(const Curve& c) {
    for (const CurveColumn& column : c.columns) {
      double low = std::numeric_limits<double>::infinity(), high = -low;
      std::size_t gaps = 0;
      for (const double v : column.values) std::isfinite(v) ? (low = std::min(low, v), high = std::max(high, v)) : (++gaps, v);
      add("column", fmt::format("{} [{}]: {:.6g} to {:.6g}{}", column.name, column.unit.empty() ? "?" : column.unit, low, high,
                                gaps > 0 ? fmt::format(", {} gaps", gaps) : ""));
    }
  }

  void store() {
    const Hdf5Reader in(selection_.path);
    const std::string version = in.attribute("/", "version");
    if (!version.empty()) add("version", version);
    list(in, "/", 0);
    if (version.empty())
      add("next",
          fmt::format(
              "heteroglass probes nano-ct {0} --dataset PATH (a volume), or heteroglass probes electron-correlation {0} --dataset PATH "
              "--frame-time TIME (a series of images)",
              selection_.path));
    else
      add("next", "heteroglass report " + std::filesystem::path(selection_.path).parent_path().string());
  }

  void list(const Hdf5Reader& in, const std::string& group, int depth) {
    for (const std::string& child : in.names(group)) {
      const std::string path = group == "/" ? child : fmt::format("{}/{}", group, child);
      const Hdf5Reader::Type type = in.type(path);
      if (type == Hdf5Reader::Type::group) {
        add("group", path);
        if (depth < 8) list(in, path, depth + 1);
        continue;
      }
      const std::string unit = in.attribute(path, "unit");
      const char* kind = type == Hdf5Reader::Type::real      ? "real"
                         : type == Hdf5Reader::Type::integer ? "integer"
                         : type == Hdf5Reader::Type::text    ? "text"
                                                             : "other";
      add("array", fmt::format("{}: {} ({}){}", path, kind,
                               type == Hdf5Reader::Type::other ? "" : fmt::format("{}", fmt::join(in.shape(path), ", ")),
                               unit.empty() ? "" : " " + unit));
    }
  }

  FrameSelection selection_;
  ReadOptions options_;
  Inspection report_;
  UnitSystem file_units_ = UnitSystem::unknown;
};

}  // namespace

std::string Inspection::value(const std::string& key) const {
  for (const InspectRow& row : rows)
    if (row.key == key) return row.value;
  return {};
}

Inspection inspect(const std::string& path, const ReadOptions& options) { return Inspector(path, options).run(); }

}  // namespace heteroglass::io
