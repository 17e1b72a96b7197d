#include "run/directory.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/configuration.hpp"
#include "report/report.hpp"
#include "run/csv.hpp"
#include "run/hdf5.hpp"
#include "run/json.hpp"

namespace heteroglass::run {
namespace {

namespace fs = std::filesystem;

constexpr const char* key_file = "key.txt";

std::string key_of(const fs::path& directory) { return fs::exists(directory / key_file) ? io::read_file(directory / key_file) : ""; }

/// The frame of the per-atom results with those results as properties.
Frame with_results(const Outcome& out) {
  Frame frame = out.atoms.front();
  const void* result = out.result.get();
  for (const Field& f : *out.analysis->results) {
    if (!f.per_atom) continue;
    AtomProperty p{f.column, unit_in(out.units, f.unit), 1, {}};
    if (f.kind == Kind::reals) p.values = f.get<std::vector<double>>(result);
    if (f.kind == Kind::integers) {
      const auto& v = f.get<std::vector<int>>(result);
      p.values.assign(v.begin(), v.end());
    }
    if (f.kind == Kind::matrix) {
      p.values = f.get<Matrix>(result).values;
      p.components = f.get<Matrix>(result).columns;
    }
    if (p.values.size() != frame.size() * p.components || p.components == 0) continue;
    std::erase_if(frame.properties, [&](const AtomProperty& old) { return old.name == p.name; });
    frame.properties.push_back(std::move(p));
  }
  return frame;
}

bool has_per_atom(const Outcome& out) {
  for (const Field& f : *out.analysis->results)
    if (f.per_atom) return true;
  return false;
}

}  // namespace

void claim_directory(const fs::path& directory, const std::string& key, bool overwrite) {
  std::error_code failed;
  if (fs::exists(directory) && !fs::is_directory(directory))
    throw InputError(fmt::format("--output: must be a folder, got the file {}", directory.string()));
  if (fs::exists(directory) && !fs::is_empty(directory) && key_of(directory) != key) {
    if (!overwrite)
      throw InputError(fmt::format(
          "--output: {} must be new, empty or a result of the same command, and holds something else; add --overwrite to replace it",
          directory.string()));
    if (key_of(directory).empty() || fs::exists(directory / "store"))
      throw InputError(fmt::format("--overwrite: replaces results only, and {} is not a result folder", directory.string()));
    fs::remove_all(directory);
  }
  fs::create_directories(directory, failed);
  if (failed) throw FormatError(directory.string(), 0, "the folder cannot be made: " + failed.message());
  io::write_file(directory / key_file, key);
}

void release_directory(const fs::path& directory) {
  std::error_code ignored;
  const fs::path engine = directory / "engine";
  if (fs::exists(directory / "result.json", ignored) || (fs::exists(engine, ignored) && !fs::is_empty(engine, ignored))) return;
  fs::remove_all(directory, ignored);
}

std::map<std::string, std::string> write_directory(const fs::path& directory, const Outcome& out, Page page) {
  std::map<std::string, std::string> frame_files;
  for (const Field& f : *out.analysis->results) {
    if (f.kind != Kind::frames) continue;
    const auto& frames = f.get<std::vector<Frame>>(static_cast<const void*>(out.result.get()));
    if (frames.empty()) continue;
    frame_files[f.name] = f.name + ".extxyz";
    io::write_extxyz((directory / frame_files[f.name]).string(), frames);
  }
  if (has_per_atom(out) && !out.atoms.empty()) io::write_extxyz((directory / "atoms.extxyz").string(), {with_results(out)});
  for (const auto& [name, content] : csv_files(out)) io::write_file(directory / name, content);
  const std::string object = json(out, frame_files);
  for (const std::string& name : report::figure_names(object)) io::write_file(directory / (name + ".svg"), report::svg(object, name));
  write_hdf5(directory / "result.h5", out);
  if (page == Page::own) {
    report::Document document;
    document.title = out.analysis->path();
    document.sections.push_back({out.analysis->path(), "", object, directory});
    io::write_file(directory / "report.html", report::html(document));
  }
  io::write_file(directory / "result.json", object);
  return frame_files;
}

bool is_complete(const fs::path& directory, const std::string& key) {
  return fs::exists(directory / "result.json") && key_of(directory) == key;
}

}  // namespace heteroglass::run
