/// A text file of any size, read in pieces; gzipped files are unpacked once into a temporary file without name.
///
/// Plain files are read with pread and never mapped, so that a file that shrinks while it is read gives an error and no crash.
/// Reading is safe from several threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace heteroglass::io {

/// Bytes without the cost of zeroing them first.
class Buffer {
 public:
  explicit Buffer(std::size_t size = 0) : data_(new char[size]), size_(size) {}
  char* data() { return data_.get(); }
  std::string_view view() const { return {data_.get(), size_}; }
  void shrink(std::size_t size) { size_ = size; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_;
};

class TextSource {
 public:
  /// @throws FormatError
  explicit TextSource(const std::string& path);
  ~TextSource();
  TextSource(const TextSource&) = delete;
  TextSource& operator=(const TextSource&) = delete;

  const std::string& path() const { return path_; }
  std::size_t size() const { return size_; }
  /// Compressed data that end in the middle: what could be unpacked is there.
  bool cut() const { return cut_; }
  bool compressed() const { return compressed_; }
  /// Bytes offset to offset + length, fewer at the end. @throws FormatError
  Buffer read(std::size_t offset, std::size_t length) const;
  /// Line ends before offset, plus one.
  std::size_t line_number(std::size_t offset) const;

 private:
  void unpack();
  int fd_ = -1;
  std::string path_;
  std::size_t size_ = 0;
  bool cut_ = false, compressed_ = false;
};

/// Lines of a piece of text, with the number that each has in its file.
class Lines {
 public:
  explicit Lines(std::string_view text, std::size_t first_number = 1) : text_(text), number_(first_number - 1) {}
  /// False at the end. The line is without its end.
  bool next(std::string_view& line);
  /// Number of the line that next() gave last.
  std::size_t number() const { return number_; }
  /// What has not been read yet.
  std::string_view rest() const { return text_.substr(position_); }
  std::size_t position() const { return position_; }

 private:
  std::string_view text_;
  std::size_t position_ = 0, number_;
};

std::string_view trimmed(std::string_view text);
/// Words between blanks.
std::vector<std::string_view> words(std::string_view line);
/// First 60 characters, unprintable ones replaced, for messages.
std::string excerpt(std::string_view text);

}  // namespace heteroglass::io
