/// A file to which every finished search is appended, so that a run that is killed goes on where it was.
///
/// The first line holds a fingerprint of start and options; then one line a search, ending in "end": a line that was cut off does not
/// count. Numbers read back bit for bit.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "landscape/saddle_event.hpp"

namespace heteroglass::landscape {

class Journal {
 public:
  /// Without a directory nothing is kept. A file of another fingerprint is begun anew.
  Journal(const std::filesystem::path& directory, const std::string& fingerprint);
  const std::vector<Event>& read() const { return read_; }  ///< searches finished before
  /// @throws FormatError (full disk)
  void append(const Event& event);

 private:
  std::filesystem::path path_;
  std::ofstream out_;
  std::vector<Event> read_;
};

}  // namespace heteroglass::landscape
