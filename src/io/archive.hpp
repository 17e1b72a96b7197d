/// Checkpoints of native computations: numbers, vectors and texts in order, in one binary file of this machine.
///
///     Archive out;                          Archive in = read_archive(path, key);
///     out << step << positions;             if (!in.empty()) in >> step >> positions;
///     write_archive(path, key, out);
///
/// `key` names what the checkpoint belongs to; a file of another key, another version or a damaged one reads as empty, so that the
/// computation starts from the beginning. Files appear whole or not at all. Not for results: those go to HDF5, JSON and CSV.
#pragma once

#include <cstring>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include "core/error.hpp"
#include "core/value.hpp"

namespace heteroglass::io {

class Archive {
 public:
  Archive() = default;
  explicit Archive(std::string bytes) : bytes_(std::move(bytes)) {}
  bool empty() const { return bytes_.empty(); }
  const std::string& bytes() const { return bytes_; }

  template <class T>
  requires std::is_trivially_copyable_v<T> Archive& operator<<(const T& v) {
    bytes_.append(reinterpret_cast<const char*>(&v), sizeof v);
    return *this;
  }
  template <class T> Archive& operator<<(const std::vector<T>& v) {
    *this << v.size();
    for (const T& x : v) *this << x;
    return *this;
  }
  Archive& operator<<(const std::string& s) {
    *this << s.size();
    bytes_ += s;
    return *this;
  }
  template <class T>
  requires std::is_trivially_copyable_v<T> Archive& operator>>(T& v) {
    take(&v, sizeof v);
    return *this;
  }
  template <class T> Archive& operator>>(std::vector<T>& v) {
    v.resize(length());
    for (T& x : v) *this >> x;
    return *this;
  }
  Archive& operator>>(std::string& s) {
    s.resize(length());
    take(s.data(), s.size());
    return *this;
  }

 private:
  std::size_t length() {
    std::size_t n = 0;
    take(&n, sizeof n);
    if (n > bytes_.size()) throw Error("archive: must not promise more than it holds");
    return n;
  }
  void take(void* to, std::size_t n) {
    if (n > bytes_.size() - at_) throw Error("archive: must hold what is read from it");
    if (n > 0) std::memcpy(to, bytes_.data() + at_, n);
    at_ += n;
  }
  std::string bytes_;
  std::size_t at_ = 0;
};

/// @throws FormatError (full disk)
void write_archive(const std::filesystem::path& path, const std::string& key, const Archive& archive);
/// Empty when there is no such file, or it is damaged, or has another key.
Archive read_archive(const std::filesystem::path& path, const std::string& key);

}  // namespace heteroglass::io
