#include "io/configuration.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/error.hpp"
#include "io/extended_xyz.hpp"
#include "io/file_sequence.hpp"
#include "io/format.hpp"
#include "io/lammps_data.hpp"
#include "io/lammps_dump.hpp"
#include "io/number.hpp"

namespace heteroglass::io {
namespace {

/// "10:500:10", "3", ":" as selection; false when the text is none.
bool parse_index(std::string_view text, FrameSelection& s) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
  }
  if (parts.size() > 3) return false;
  std::array<std::optional<long>, 3> values;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    long v = 0;
    if (parts[i].empty()) continue;
    if (!is_integer(parts[i], v)) return false;
    values[i] = v;
  }
  s.range = parts.size() > 1;
  if (!s.range && !values[0]) return false;
  s.start = values[0], s.stop = values[1];
  s.step = values[2].value_or(1);
  return true;
}

}  // namespace

FrameSelection parse_selection(const std::string& spec) {
  FrameSelection s;
  s.path = spec;
  const std::size_t at = spec.rfind('@');
  if (at == std::string_view::npos || at == 0 || std::filesystem::exists(spec)) return s;
  if (!parse_index(std::string_view(spec).substr(at + 1), s))
    throw InputError(
        fmt::format("{}: the frames behind @ must be an index or a range such as 0, -1 or 10:500:10, got '{}'", spec, spec.substr(at + 1)));
  if (s.step == 0) throw InputError(fmt::format("{}: the step of a range of frames must not be zero, got 0", spec));
  s.path = spec.substr(0, at);
  return s;
}

std::vector<std::size_t> selected_frames(const FrameSelection& s, std::size_t size) {
  const long n = static_cast<long>(size);
  if (!s.range) {
    const long index = s.start.value_or(-1);
    if (index < -n || index >= n)
      throw InputError(
          fmt::format("{}@{}: the frame must be {} to {}, got {} (the file has {} frames)", s.path, index, -n, n - 1, index, n));
    return {static_cast<std::size_t>(index < 0 ? index + n : index)};
  }
  const auto bound = [&](std::optional<long> v, long missing, long low, long high) {
    if (!v) return missing;
    return std::clamp(*v < 0 ? *v + n : *v, low, high);
  };
  std::vector<std::size_t> frames;
  if (s.step > 0) {
    for (long i = bound(s.start, 0, 0, n); i < bound(s.stop, n, 0, n); i += s.step) frames.push_back(static_cast<std::size_t>(i));
  } else {
    for (long i = bound(s.start, n - 1, -1, n - 1); i > bound(s.stop, -1, -1, n - 1); i += s.step)
      frames.push_back(static_cast<std::size_t>(i));
  }
  if (frames.empty()) throw InputError(fmt::format("{}: the range behind @ must select at least one of {} frames, got none", s.path, n));
  return frames;
}

std::unique_ptr<Trajectory> open_trajectory(const std::string& path, const ReadOptions& options) {
  if (!std::filesystem::exists(path) && path.find_first_of("*?[") != std::string_view::npos) return open_file_sequence(path, options);
  const Format format = format_of_file(path);
  switch (format) {
    case Format::lammps_dump:
      return open_lammps_dump(path, options);
    case Format::lammps_data:
      return open_lammps_data(path, options);
    case Format::extended_xyz:
      return open_extended_xyz(path, options);
    case Format::unknown:
      throw FormatError(path, 1, "a configuration must be a LAMMPS dump, LAMMPS data or extended XYZ file, got none of them");
    default:
      throw FormatError(path, 0,
                        fmt::format("a configuration must be a LAMMPS dump, LAMMPS data or extended XYZ file, got {}", name(format)));
  }
}

std::vector<Frame> read_frames(const std::string& spec, const ReadOptions& options, Context& context) {
  const FrameSelection selection = parse_selection(spec);
  const std::unique_ptr<Trajectory> trajectory = open_trajectory(selection.path, options);
  for (const std::string& warning : trajectory->warnings()) context.warn(warning);
  std::vector<Frame> frames;
  for (std::size_t i : selected_frames(selection, trajectory->size())) {
    context.check_cancelled();
    frames.push_back(trajectory->frame(i));
  }
  if (!selection.range && !selection.start && trajectory->size() > 1)
    context.warn(fmt::format("{}: {} frames; the last one (step {}) is used; choose with {}@INDEX", spec, trajectory->size(),
                             frames.back().timestep, spec));
  return frames;
}

Frame read_frame(const std::string& spec, const ReadOptions& options, Context& context) {
  const FrameSelection selection = parse_selection(spec);
  if (selection.range) throw InputError(fmt::format("{}: one frame must be chosen here, got a range", spec));
  return std::move(read_frames(spec, options, context).front());
}

}  // namespace heteroglass::io
