/// A small HDF5 file of groups, arrays and text attributes, written whole or not at all.
///
/// The file is built in memory and written through write_file at commit(): a full disk or a crash leaves the old file.
/// Paths are "group/subgroup/name"; missing groups are made. Large arrays are compressed. Not safe from several threads.
///
///     Hdf5Writer out("result.h5");
///     out.write("results/r", r, {r.size()}, {{"unit", "angstrom"}, {"help", "distance"}});
///     out.commit();
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace heteroglass::io {

class Hdf5Writer {
 public:
  using Shape = std::vector<std::size_t>;  ///< empty: a scalar
  using Attributes = std::vector<std::pair<std::string, std::string>>;

  /// @throws FormatError
  explicit Hdf5Writer(const std::string& path);
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  void group(const std::string& path, const Attributes& attributes = {});
  /// The number of values must be the product of the shape. @throws FormatError
  void write(const std::string& path, std::span<const double> values, const Shape& shape, const Attributes& attributes = {});
  void write(const std::string& path, std::span<const std::int64_t> values, const Shape& shape, const Attributes& attributes = {});
  void write(const std::string& path, std::span<const std::string> values, const Shape& shape, const Attributes& attributes = {});
  /// Of a group, an array, or "/" for the file.
  void attribute(const std::string& path, const std::string& name, const std::string& text);
  /// Without it nothing is written. @throws FormatError (full disk)
  void commit();

 private:
  void write_array(const std::string& path, std::int64_t memory_type, const void* values, std::size_t count, const Shape& shape,
                   const Attributes& attributes);
  std::string path_;
  std::int64_t file_ = -1;
};

class Hdf5Reader {
 public:
  enum class Type { group, real, integer, text, other };

  /// @throws FormatError
  explicit Hdf5Reader(const std::string& path);
  ~Hdf5Reader();
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;

  bool exists(const std::string& path) const;
  /// Names in a group, alphabetical.
  std::vector<std::string> names(const std::string& group) const;
  Type type(const std::string& path) const;
  std::vector<std::size_t> shape(const std::string& path) const;
  std::vector<double> reals(const std::string& path) const;
  std::vector<std::int64_t> integers(const std::string& path) const;
  std::vector<std::string> texts(const std::string& path) const;
  /// Empty when there is none.
  std::string attribute(const std::string& path, const std::string& name) const;

 private:
  std::string path_;
  std::int64_t file_ = -1;
};

}  // namespace heteroglass::io
