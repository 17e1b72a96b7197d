#include "io/file_sequence.hpp"

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

#include "core/error.hpp"

namespace heteroglass::io {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class FileSequence final : public Trajectory {
 public:
  FileSequence(const std::string& pattern, std::vector<std::string> files, ReadOptions options)
      : files_(std::move(files)), options_(std::move(options)) {
    source_ = pattern;
    std::set<std::string> kinds;
    for (std::size_t k = 0; k < files_.size(); ++k) {
      const std::unique_ptr<Trajectory> part = open_trajectory(files_[k], options_);
      for (std::size_t i = 0; i < part->size(); ++i) frames_.push_back({k, i, part->timestep(i)});
      for (const std::string& w : part->warnings()) collect(w, files_[k], kinds);
    }
    for (std::size_t i = 1; i < frames_.size(); ++i)
      if (frames_[i].timestep <= frames_[i - 1].timestep) {
        warnings_.push_back(fmt::format("{}: timesteps must rise from file to file, got step {} in {} after step {} in {}", pattern,
                                        frames_[i].timestep, files_[frames_[i].file], frames_[i - 1].timestep,
                                        files_[frames_[i - 1].file]));
        break;
      }
  }

  std::size_t size() const override { return frames_.size(); }
  std::int64_t timestep(std::size_t i) const override { return frames_.at(i).timestep; }
  std::vector<std::string> warnings() const override { return warnings_; }
  Frame frame(std::size_t i) const override {
    const Place& place = frames_.at(i);
    return open(place.file)->frame(place.frame);
  }

 private:
  struct Place {
    std::size_t file, frame;
    std::int64_t timestep;
  };

  std::shared_ptr<const Trajectory> open(std::size_t file) const {
    const std::lock_guard lock(mutex_);
    if (!current_ || current_file_ != file) {
      current_ = open_trajectory(files_[file], options_);
      current_file_ = file;
    }
    return current_;
  }

  /// The same warning about each of thousands of files is said once.
  void collect(const std::string& warning, const std::string& file, std::set<std::string>& kinds) {
    std::string kind = warning;
    if (const std::size_t at = kind.find(file); at != std::string_view::npos) kind.replace(at, file.size(), source_);
    if (kinds.insert(kind).second) warnings_.push_back(kind);
  }

  std::vector<std::string> files_;
  ReadOptions options_;
  std::vector<Place> frames_;
  std::vector<std::string> warnings_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Trajectory> current_;
  mutable std::size_t current_file_ = 0;
};

}  // namespace

bool numerical_less(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      std::size_t m = i, n = j;
      while (m < a.size() && is_digit(a[m])) ++m;
      while (n < b.size() && is_digit(b[n])) ++n;
      std::string_view p = a.substr(i, m - i), q = b.substr(j, n - j);
      p.remove_prefix(std::min(p.find_first_not_of('0'), p.size()));
      q.remove_prefix(std::min(q.find_first_not_of('0'), q.size()));
      if (p.size() != q.size()) return p.size() < q.size();
      if (p != q) return p < q;
      i = m, j = n;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

std::vector<std::string> matching_files(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> files;
  if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      if (std::filesystem::is_regular_file(found.gl_pathv[i])) files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  std::sort(files.begin(), files.end(), numerical_less);
  return files;
}

std::unique_ptr<Trajectory> open_file_sequence(const std::string& pattern, const ReadOptions& options) {
  std::vector<std::string> files = matching_files(pattern);
  if (files.empty()) throw FormatError(pattern, 0, "the pattern must match at least one file, got none");
  if (files.size() == 1) return open_trajectory(files.front(), options);
  return std::make_unique<FileSequence>(pattern, std::move(files), options);
}

}  // namespace heteroglass::io
