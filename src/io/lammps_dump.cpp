#include "io/lammps_dump.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/error.hpp"
#include "io/build_frame.hpp"
#include "io/dump_index.hpp"
#include "io/number.hpp"

namespace heteroglass::io {
namespace {

/// Which columns go where, and what of it a user should know.
struct ColumnPlan {
  std::vector<RowColumn> columns;
  std::vector<AtomProperty> properties;
  bool scaled = false, unwrapped = false, has_id = false;
  std::vector<std::string> skipped;  ///< columns that are not numbers
};

class ColumnPlanner {
 public:
  ColumnPlanner(const std::vector<std::string>& names, const std::vector<std::string_view>& first_row)
      : names_(names), first_row_(first_row) {
    plan_.columns.resize(names.size());
    taken_.assign(names.size(), false);
  }

  ColumnPlan run() {
    plan_.has_id = single("id", Into::id);
    single("type", Into::type);
    single("element", Into::name);
    single("mass", Into::mass);
    if (!coordinates()) return {};
    triple("vx", "vy", "vz", Into::velocity);
    properties();
    return std::move(plan_);
  }

 private:
  std::size_t find(std::string_view name) const {
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
  }

  bool single(std::string_view name, Into into) {
    const std::size_t i = find(name);
    if (i == names_.size()) return false;
    plan_.columns[i] = {into, 0, 0};
    return taken_[i] = true;
  }

  bool triple(std::string_view x, std::string_view y, std::string_view z, Into into) {
    const std::array<std::size_t, 3> at = {find(x), find(y), find(z)};
    if (*std::max_element(at.begin(), at.end()) == names_.size()) return false;
    for (std::size_t k = 0; k < 3; ++k) {
      plan_.columns[at[k]] = {into, k, 0};
      taken_[at[k]] = true;
    }
    return true;
  }

  /// Wrapped coordinates with images are best, then unwrapped ones, then wrapped ones without images.
  bool coordinates() {
    const bool images = triple("ix", "iy", "iz", Into::image);
    const auto wrapped = [&] {
      return triple("x", "y", "z", Into::coordinate) || (plan_.scaled = triple("xs", "ys", "zs", Into::coordinate));
    };
    const auto unwrapped = [&] {
      plan_.unwrapped = triple("xu", "yu", "zu", Into::coordinate) || (plan_.scaled = triple("xsu", "ysu", "zsu", Into::coordinate));
      return plan_.unwrapped;
    };
    const bool found = images ? wrapped() || unwrapped() : unwrapped() || wrapped();
    if (plan_.unwrapped)
      for (RowColumn& c : plan_.columns)
        if (c.into == Into::image) c = {};
    for (const char* name : {"x", "y", "z", "xs", "ys", "zs", "xu", "yu", "zu", "xsu", "ysu", "zsu"})
      if (const std::size_t i = find(name); i < names_.size()) taken_[i] = true;
    return found;
  }

  void properties() {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (taken_[i]) continue;
      double unused = 0;
      if (i < first_row_.size() && !is_real(first_row_[i], unused)) {
        plan_.skipped.push_back(names_[i]);
        continue;
      }
      plan_.columns[i] = {Into::property, 0, plan_.properties.size()};
      plan_.properties.push_back({names_[i], "", 1, {}});
    }
  }

  const std::vector<std::string>& names_;
  const std::vector<std::string_view>& first_row_;
  ColumnPlan plan_;
  std::vector<bool> taken_;
};

std::string_view without_blank_end(std::string_view text) {
  while (text.size() > 1 && text[text.size() - 2] == '\n' && text.back() == '\n') text.remove_suffix(1);
  return text;
}

class LammpsDump final : public Trajectory {
 public:
  LammpsDump(const std::string& path, ReadOptions options) : file_(path), options_(std::move(options)), index_(index_dump(file_)) {
    source_ = path;
    collect_warnings();
  }

  std::size_t size() const override { return index_.frames.size(); }
  std::int64_t timestep(std::size_t i) const override { return index_.frames.at(i).timestep; }
  std::vector<std::string> warnings() const override { return warnings_; }

  Frame frame(std::size_t i) const override {
    const std::size_t begin = index_.frames.at(i).offset, end = frame_end(i);
    const Buffer buffer = file_.read(begin, end - begin);
    const RowPlace header_place{file_.path(), [&] { return file_.line_number(begin); }};
    const DumpHeader header = parse_dump_header(buffer.view(), header_place);
    const std::string_view text = without_blank_end(buffer.view().substr(header.rows_offset));
    FrameParts parts;
    parts.place = {file_.path(), [this, begin, n = header.rows_line] { return file_.line_number(begin) + n; }};
    check_rows(text, header, i, parts.place);
    const ColumnPlan plan = plan_columns(header, text);
    if (plan.columns.empty())
      throw FormatError(
          file_.path(), parts.place.first_line() - 1,
          fmt::format("a dump must hold x y z, xs ys zs, xu yu zu or xsu ysu zsu, got columns '{}'", fmt::join(header.columns, " ")));
    parts.rows.properties = plan.properties;
    parse_rows(text, header.atoms, plan.columns, parts.place, parts.rows);
    parts.box = header.box;
    parts.scaled = plan.scaled, parts.unwrapped = plan.unwrapped;
    parts.shrinks = header.shrinks;
    parts.timestep = header.timestep;
    parts.time = header.time;
    parts.units = index_.units;
    parts.source = size() > 1 ? fmt::format("{}@{}", file_.path(), i) : file_.path();
    return build_frame(std::move(parts), options_);
  }

 private:
  std::size_t frame_end(std::size_t i) const { return i + 1 < size() ? index_.frames[i + 1].offset : file_.size(); }

  static ColumnPlan plan_columns(const DumpHeader& header, std::string_view rows) {
    const std::vector<std::string_view> first = words(rows.substr(0, rows.find('\n')));
    return ColumnPlanner(header.columns, first).run();
  }

  /// The frame must hold exactly the atoms it announces, the last one with its line end: a number may have been cut.
  void check_rows(std::string_view text, const DumpHeader& header, std::size_t i, const RowPlace& place) const {
    const std::size_t rows = count_rows(text);
    const bool last = i + 1 == size();
    const std::string whole = last && i > 0 ? fmt::format("; the last whole frame is {}@{}", file_.path(), i - 1) : "";
    if (rows < header.atoms)
      throw FormatError(file_.path(), place.line(rows > 0 ? rows - 1 : 0),
                        fmt::format("the frame of step {} must hold {} atoms, got {} lines before {}{}", header.timestep, header.atoms,
                                    rows, last ? "the end of the file" : "the next frame", whole));
    if (rows > header.atoms)
      throw FormatError(file_.path(), place.line(header.atoms),
                        fmt::format("a new ITEM must follow the {} atoms of step {}, got another line", header.atoms, header.timestep));
    if (last && !text.empty() && text.back() != '\n' && !is_blank(text.back()))
      throw FormatError(
          file_.path(), place.line(rows - 1),
          fmt::format("the last line must end with a line end, got none: the file may be cut in the middle of a number{}", whole));
  }

  void collect_warnings() {
    if (file_.cut()) warnings_.push_back(fmt::format("{}: the compressed data end early; what could be unpacked is read", file_.path()));
    warn_order();
    const std::size_t at = index_.frames.front().offset;
    const Buffer head = file_.read(at, std::min<std::size_t>(frame_end(0) - at, std::size_t{1} << 16));
    try {
      const DumpHeader header = parse_dump_header(head.view(), {file_.path(), [] { return std::size_t{1}; }});
      const ColumnPlan plan = plan_columns(header, head.view().substr(header.rows_offset));
      if (index_.units == UnitSystem::unknown && options_.units == UnitSystem::unknown)
        warnings_.push_back(fmt::format("{}: the file does not say its units; metal is assumed (--units metal, real or lj)", file_.path()));
      if (header.flags_missing) warnings_.push_back(fmt::format("{}: no boundary flags; periodic boundaries are assumed", file_.path()));
      if (!plan.columns.empty() && !plan.has_id)
        warnings_.push_back(
            fmt::format("{}: no atom ids; atoms are numbered in order of appearance, which LAMMPS changes from frame to frame unless the "
                        "dump is sorted",
                        file_.path()));
      if (!plan.skipped.empty())
        warnings_.push_back(fmt::format("{}: columns that are not numbers are left out: {}", file_.path(), fmt::join(plan.skipped, ", ")));
    } catch (const Error&) {
      return;  // said when the frame is read
    }
    if (size() > 1) warn_last_frame();
  }

  void warn_order() {
    std::size_t repeated = 0, falling = 0, first = 0;
    for (std::size_t i = 1; i < size(); ++i) {
      const std::int64_t step = index_.frames[i].timestep - index_.frames[i - 1].timestep;
      if (step <= 0 && repeated + falling == 0) first = i;
      repeated += step == 0;
      falling += step < 0;
    }
    if (repeated + falling > 0)
      warnings_.push_back(fmt::format("{}: timesteps must rise, got {} repeated and {} falling (first: step {} after {}, frames {} and {})",
                                      file_.path(), repeated, falling, index_.frames[first].timestep, index_.frames[first - 1].timestep,
                                      first - 1, first));
  }

  /// A trajectory that is still being written, or whose run was killed.
  void warn_last_frame() {
    const std::size_t i = size() - 1, begin = index_.frames[i].offset;
    try {
      const Buffer buffer = file_.read(begin, file_.size() - begin);
      const RowPlace place{file_.path(), [&] { return file_.line_number(begin); }};
      const DumpHeader header = parse_dump_header(buffer.view(), place);
      const RowPlace rows{file_.path(), [&] { return file_.line_number(begin) + header.rows_line; }};
      check_rows(without_blank_end(buffer.view().substr(header.rows_offset)), header, i, rows);
    } catch (const FormatError& e) {
      warnings_.push_back(fmt::format("the last frame is not whole: {}", e.what()));
    }
  }

  TextSource file_;
  ReadOptions options_;
  DumpIndex index_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Trajectory> open_lammps_dump(const std::string& path, const ReadOptions& options) {
  return std::make_unique<LammpsDump>(path, options);
}

DumpSummary lammps_dump_summary(const std::string& path) {
  const TextSource file(path);
  const DumpIndex index = index_dump(file);
  const Buffer head = file.read(0, std::size_t{1} << 16);
  const DumpHeader header = parse_dump_header(head.view(), {path, [] { return std::size_t{1}; }});
  return {index.units, header.time.has_value(), header.columns};
}

}  // namespace heteroglass::io
