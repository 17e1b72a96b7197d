#include "run/execute.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/format.hpp"
#include "io/volume_file.hpp"
#include "run/combine.hpp"
#include "run/curve_input.hpp"
#include "run/image_input.hpp"
#include "run/input_options.hpp"
#include "run/options.hpp"
#include "version.hpp"

namespace heteroglass::run {
namespace {

namespace fs = std::filesystem;

/// FILE@INDEX+PROPERTIES+...: the parts, unless a file of the whole name exists.
std::vector<std::string> parts_of(const std::string& spec) {
  std::vector<std::string> parts;
  std::string rest = spec;
  while (!fs::exists(io::parse_selection(rest).path)) {
    const std::size_t plus = rest.rfind('+');
    if (plus == std::string::npos || plus == 0) break;
    parts.insert(parts.begin(), rest.substr(plus + 1));
    rest.resize(plus);
  }
  if (!parts.empty() && !fs::exists(io::parse_selection(rest).path)) return {spec};
  parts.insert(parts.begin(), rest);
  return parts;
}

void add_properties(Frame& frame, const std::string& spec, const io::ReadOptions& read, Context& context) {
  Frame other = io::read_frame(spec, read, context);
  if (other.id != frame.id)
    throw InputError(
        fmt::format("{}: its atoms must be those of {} (same ids), got {} atoms for {}", spec, frame.source, other.size(), frame.size()));
  for (AtomProperty& p : other.properties)
    if (!frame.property(p.name)) frame.properties.push_back(std::move(p));
}

/// Frames of one input argument, read one at a time.
class FrameSource {
 public:
  FrameSource(const std::string& spec, const io::ReadOptions& read, Context& context)
      : read_(read), context_(context), parts_(parts_of(spec)) {
    const io::FrameSelection selection = io::parse_selection(parts_.front());
    trajectory_ = io::open_trajectory(selection.path, read);
    indices_ = io::selected_frames(selection, trajectory_->size());
    if (!selection.start && !selection.range && trajectory_->size() > 1)
      context.warn(fmt::format("{} holds {} frames; the last one is used (choose with {}@INDEX)", selection.path, trajectory_->size(),
                               selection.path));
    for (const std::string& w : trajectory_->warnings()) context.warn(w);
  }
  std::size_t size() const { return indices_.size(); }
  Frame at(std::size_t i) const {
    Frame f = trajectory_->frame(indices_[i]);
    if (f.units == UnitSystem::unknown) f.units = UnitSystem::metal;
    for (std::size_t p = 1; p < parts_.size(); ++p) add_properties(f, parts_[p], read_, context_);
    return f;
  }
  const Trajectory& trajectory() const { return *trajectory_; }

 private:
  io::ReadOptions read_;
  Context& context_;
  std::vector<std::string> parts_;
  std::unique_ptr<Trajectory> trajectory_;
  std::vector<std::size_t> indices_;
};

std::shared_ptr<void> parsed_options(const Request& r, UnitSystem system) {
  std::shared_ptr<void> options = r.analysis->new_options();
  for (const auto& [name, text] : r.options)
    if (!is_input_option(*r.analysis, name))
      set_option(find_option(*r.analysis->options, name, r.analysis->path()), options.get(), text, system);
  return options;
}

/// For a range, progress of one frame becomes progress of the whole.
class PartContext : public Context {
 public:
  PartContext(Context& whole, std::size_t part, std::size_t parts) : whole_(whole), part_(part), parts_(parts) {
    directory = whole.directory;
  }
  ~PartContext() override {
    for (const std::string& w : warnings()) whole_.warn(w);
  }
  void progress(double fraction, std::string_view what) override {
    whole_.progress((double(part_) + fraction) / double(parts_),
                    parts_ > 1 ? fmt::format("frame {} of {}: {}", part_ + 1, parts_, what) : std::string(what));
  }
  bool cancelled() const override { return whole_.cancelled(); }

 private:
  Context& whole_;
  std::size_t part_, parts_;
};

void run_on_frames(const Request& r, Outcome& out, Context& context) {
  std::vector<FrameSource> sources;
  for (const std::string& spec : r.inputs) sources.emplace_back(spec, r.read, context);
  std::vector<std::shared_ptr<void>> results;
  if (r.analysis->input == InputKind::frames) {
    Inputs in;
    for (const FrameSource& s : sources)
      for (std::size_t i = 0; i < s.size(); ++i) in.frames.push_back(s.at(i));
    out.units = in.frames.front().units;
    out.options = parsed_options(r, out.units);
    out.result = r.analysis->run(in, out.options.get(), context);
    // Per-atom results of an analysis of many frames are those of the first.
    const bool per_atom = std::any_of(r.analysis->results->begin(), r.analysis->results->end(), [](const Field& f) { return f.per_atom; });
    if (per_atom) out.atoms = {std::move(in.frames.front())};
    return;
  }
  std::size_t n = 1;
  for (const FrameSource& s : sources) n = std::max(n, s.size());
  for (const FrameSource& s : sources)
    if (s.size() != n && s.size() != 1)
      throw InputError(fmt::format("{}: reference and current must have equally many frames or one, got {} and {}", r.analysis->path(),
                                   sources[0].size(), sources[1].size()));
  for (std::size_t i = 0; i < n; ++i) {
    context.check_cancelled();
    Inputs in;
    for (const FrameSource& s : sources) in.frames.push_back(s.at(s.size() == 1 ? 0 : i));
    if (i == 0) {
      out.units = in.frames.front().units;
      out.options = parsed_options(r, out.units);
    }
    PartContext part(context, i, n);
    results.push_back(r.analysis->run(in, out.options.get(), part));
    if (i + 1 == n) out.atoms = {std::move(in.frames.front())};
  }
  combine(out, results, context);
}

void keep_input_options(const Request& r, Outcome& out) {
  for (const auto& [name, text] : r.options)
    if (is_input_option(*r.analysis, name)) out.input_options.emplace_back(any_option(*r.analysis, name).name, text);
}

/// The curves of all inputs in one run.
void run_on_curves(const Request& r, Outcome& out, Context& context) {
  out.options = parsed_options(r, out.units);  // first: a bad value should not wait for the files
  std::vector<std::string> files;
  for (const std::string& spec : r.inputs)
    for (std::string& file : curve_files(spec)) files.push_back(std::move(file));
  CurveInput input = curve_input(*r.analysis, files, curve_options(*r.analysis, r.options), r.file, context);
  if (r.only_curve) input.curves = {input.curves.at(*r.only_curve)};
  if (r.analysis->one_curve && input.curves.size() > 1)
    throw InputError(fmt::format("{}: takes one curve, got {}; choose with --step", r.analysis->path(), input.curves.size()));
  if (input.curves.size() == 1) out.properties = input.curves.front().properties;
  out.columns = std::move(input.columns);
  keep_input_options(r, out);
  Inputs in;
  in.curves = std::move(input.curves);
  try {
    out.result = r.analysis->run(in, out.options.get(), context);
  } catch (const InputError& e) {  // curves that the user did not cut: the message says where they come from
    for (const std::string& w : context.warnings())
      if (w.find("the table is cut into") != std::string::npos) throw InputError(fmt::format("{}; {}", e.what(), w));
    throw;
  }
}

/// Configurations and curves, told apart by the content of their files, in one run.
void run_on_frames_and_curves(const Request& r, Outcome& out, Context& context) {
  Inputs in;
  std::vector<std::string> files;
  for (const std::string& spec : r.inputs) {
    if (!names_frames(spec)) {
      for (std::string& file : curve_files(spec)) files.push_back(std::move(file));
      continue;
    }
    const FrameSource source(spec, r.read, context);
    for (std::size_t i = 0; i < source.size(); ++i) in.frames.push_back(source.at(i));
  }
  if (!in.frames.empty()) out.units = in.frames.front().units;
  out.options = parsed_options(r, out.units);
  if (!files.empty()) {
    CurveInput input = curve_input(*r.analysis, files, curve_options(*r.analysis, r.options), r.file, context);
    out.columns = std::move(input.columns), in.curves = std::move(input.curves);
  }
  keep_input_options(r, out);
  out.result = r.analysis->run(in, out.options.get(), context);
  const bool per_atom = std::any_of(r.analysis->results->begin(), r.analysis->results->end(), [](const Field& f) { return f.per_atom; });
  if (per_atom && !in.frames.empty()) out.atoms = {std::move(in.frames.front())};
}

void run_on_images(const Request& r, Outcome& out, Context& context) {
  out.options = parsed_options(r, out.units);
  ImageInput input = image_input(*r.analysis, r.inputs, image_options(*r.analysis, r.options), context);
  if (input.images.size() == 1) out.properties = input.images.front().properties;
  out.columns = std::move(input.channels);
  keep_input_options(r, out);
  Inputs in;
  in.images = std::move(input.images);
  out.result = r.analysis->run(in, out.options.get(), context);
}

void run_on_volumes(const Request& r, Outcome& out, Context& context) {
  out.options = parsed_options(r, out.units);
  std::vector<std::unique_ptr<Volume>> volumes;
  Inputs in;
  std::string dataset;  // an option of the analysis that says which volume of a file
  for (const Field& f : *r.analysis->options)
    if (f.name == "dataset") dataset = f.get<std::string>(out.options.get());
  for (const std::string& path : r.inputs) {
    volumes.push_back(io::open_volume(path, dataset));
    in.volumes.push_back(volumes.back().get());
  }
  out.result = r.analysis->run(in, out.options.get(), context);
}

std::string quoted(const std::string& text) {
  if (!text.empty() && text.find_first_of(" \t\n'\"\\$&;<>|()*?[]{}#~!`") == std::string::npos) return text;
  std::string q = "'";
  for (char c : text) q += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return q + "'";
}

/// Hash of a file, or of the files of a pattern in their order.
std::string content_hash(const std::string& path) {
  if (fs::exists(path) || path.find_first_of("*?[") == std::string::npos) return io::sha256_file(path);
  glob_t found{};
  std::string all;
  if (::glob(path.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) all += io::sha256_file(found.gl_pathv[i]) + "\n";
  ::globfree(&found);
  return io::sha256(all);
}

/// Content of everything an input argument names.
std::string input_hash(const std::string& spec) {
  std::string all;
  for (const std::string& part : parts_of(spec)) {
    const io::FrameSelection selection = io::parse_selection(part);
    all += content_hash(selection.path) + part.substr(std::min(part.size(), selection.path.size())) + "\n";
  }
  return all;
}

void add_inputs(const Request& r, Outcome& out) {
  const InputKind kind = r.analysis->input;
  for (const std::string& spec : r.inputs) {
    if (kind == InputKind::curves || kind == InputKind::images || (kind == InputKind::frames_and_curves && !names_frames(spec)))
      for (const std::string& file : curve_files(spec)) out.inputs.push_back({file, io::sha256_file(file)});
    else
      for (const std::string& part : parts_of(spec)) out.inputs.push_back({part, content_hash(io::parse_selection(part).path)});
  }
}

}  // namespace

bool names_frames(const std::string& spec) {
  std::string path = io::parse_selection(parts_of(spec).front()).path;
  if (!fs::exists(path)) path = curve_files(path).front();
  return io::holds_frames(io::format_of_file(path));
}

std::string expected_inputs(const Analysis& a) {
  switch (a.input) {
    case InputKind::none:
      return "no input file";
    case InputKind::frame:
      return "one configuration file";
    case InputKind::frame_pair:
      return "two configuration files (reference, current)";
    case InputKind::frames:
      return "one or more configuration files";
    case InputKind::trajectory:
      return "one trajectory file";
    case InputKind::curves:
      return "any number of curve files";
    case InputKind::frames_and_curves:
      return "any number of configuration and curve files";
    case InputKind::volume:
      return "one volume or image file";
    case InputKind::volumes:
      return "one or more volume files or image series";
    case InputKind::images:
      return "any number of image files";
  }
  return "";
}

void check_input_count(const Analysis& a, std::size_t given) {
  const bool any = a.input == InputKind::curves || a.input == InputKind::images || a.input == InputKind::frames_and_curves;
  const bool fits = a.input == InputKind::none                                      ? given == 0
                    : a.input == InputKind::frame_pair                              ? given == 2
                    : a.input == InputKind::frames || a.input == InputKind::volumes ? given >= 1
                                                                                    : any || given == 1;
  if (!fits) throw InputError(fmt::format("{}: takes {}, got {} input{}", a.path(), expected_inputs(a), given, given == 1 ? "" : "s"));
}

Outcome execute(const Request& r, Context& context) {
  Outcome out;
  out.analysis = r.analysis;
  check_input_count(*r.analysis, r.inputs.size());
  out.command = command_line(r);
  if (r.read.units != UnitSystem::unknown) out.units = r.read.units;
  // Names first: a misspelt option should not wait for a large file.
  for (const auto& [name, text] : r.options) any_option(*r.analysis, name);
  switch (r.analysis->input) {
    case InputKind::none:
      out.options = parsed_options(r, out.units);
      out.result = r.analysis->run({}, out.options.get(), context);
      break;
    case InputKind::frame:
    case InputKind::frame_pair:
    case InputKind::frames:
      run_on_frames(r, out, context);
      break;
    case InputKind::trajectory: {
      const FrameSource source(r.inputs[0], r.read, context);
      Inputs in;
      in.trajectory = &source.trajectory();
      out.options = parsed_options(r, out.units);
      out.result = r.analysis->run(in, out.options.get(), context);
      break;
    }
    case InputKind::curves:
      run_on_curves(r, out, context);
      break;
    case InputKind::frames_and_curves:
      run_on_frames_and_curves(r, out, context);
      break;
    case InputKind::volume:
    case InputKind::volumes:
      run_on_volumes(r, out, context);
      break;
    case InputKind::images:
      run_on_images(r, out, context);
      break;
  }
  add_inputs(r, out);
  out.warnings = context.take_warnings();
  return out;
}

std::string key(const Request& r) {
  std::string text = fmt::format("heteroglass {}\n{}\nunits {} timestep {} elements {}\n", version, r.analysis->path(), name(r.read.units),
                                 r.read.timestep ? fmt::format("{}", *r.read.timestep) : "", fmt::join(r.read.elements, ","));
  for (const auto& [name, unused] : r.options) any_option(*r.analysis, name);
  // Lennard-Jones files may take options in sigma, which only parse once the file is read: then the text itself counts.
  std::shared_ptr<void> options = r.analysis->new_options();
  std::map<std::string, std::string> raw;
  for (const auto& [name, value] : r.options) {
    if (is_input_option(*r.analysis, name)) continue;
    const Field& f = find_option(*r.analysis->options, name, r.analysis->path());
    try {
      set_option(f, options.get(), value, r.read.units);
    } catch (const InputError&) {
      raw[f.name] = value;
    }
  }
  for (const Field& f : *r.analysis->options)
    if (f.in_key) text += f.name + "=" + (raw.contains(f.name) ? raw[f.name] : option_text(f, options.get(), r.read.units)) + "\n";
  text += input_options_key(*r.analysis, r.options);
  for (const std::string& spec : r.inputs) text += input_hash(spec);
  return io::sha256(text);
}

std::string command_line(const Request& r) {
  std::string line = fmt::format("heteroglass {} {}", hyphenated(r.analysis->family), hyphenated(r.analysis->name));
  for (const std::string& input : r.inputs) line += " " + quoted(input);
  for (const auto& [name, text] : r.options) {
    const Field& f = any_option(*r.analysis, name);
    line += fmt::format(" --{}", hyphenated(f.name));
    if (f.kind == Kind::flag) {
      if (!text.empty() && text != "true") line += "=" + text;
    } else {
      line += " " + quoted(text);
    }
  }
  const bool chosen = std::any_of(r.options.begin(), r.options.end(), [](const auto& o) { return o.first == "step"; });
  if (r.only_curve && !chosen) line += fmt::format(" --step {}", *r.only_curve + 1);
  if (r.read.units != UnitSystem::unknown) line += fmt::format(" --units {}", name(r.read.units));
  if (!r.read.elements.empty()) line += fmt::format(" --elements {}", fmt::join(r.read.elements, ","));
  if (r.read.timestep) line += fmt::format(" --timestep {}ps", *r.read.timestep);
  return line;
}

}  // namespace heteroglass::run
