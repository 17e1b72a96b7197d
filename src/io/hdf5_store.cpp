#include "io/hdf5_store.hpp"

#include <hdf5.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "io/atomic_file.hpp"

namespace heteroglass::io {
namespace {

/// Any HDF5 identifier; closed at the end of its scope.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// Errors are ours to report: HDF5 prints its stack otherwise.
void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

template <class Status> Status checked(Status status, const std::string& file, const std::string& what) {
  if (status < 0) throw FormatError(file, 0, fmt::format("HDF5 must be able to {}, got an error", what));
  return status;
}

hid_t text_type() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

hid_t space_of(const std::vector<std::size_t>& shape) {
  if (shape.empty()) return H5Screate(H5S_SCALAR);
  const std::vector<hsize_t> extent(shape.begin(), shape.end());
  return H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr);
}

/// Creation of an array: big ones in compressed pieces.
hid_t array_properties(const std::vector<std::size_t>& shape, std::size_t count) {
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  if (shape.empty() || count < 4096) return properties;
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  const std::size_t row = count / shape[0];
  chunk[0] = std::clamp<hsize_t>(65536 / std::max<std::size_t>(row, 1), 1, chunk[0]);
  if (row > (std::size_t{1} << 24)) return properties;
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  H5Pset_shuffle(properties);
  H5Pset_deflate(properties, 4);
  return properties;
}

hid_t links_with_groups() {
  const hid_t properties = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(properties, 1U);
  return properties;
}

void write_attribute(hid_t object, const std::string& file, const std::string& name, const std::string& text) {
  const Id type(text_type(), H5Tclose), space(H5Screate(H5S_SCALAR), H5Sclose);
  if (H5Aexists(object, name.c_str()) > 0) H5Adelete(object, name.c_str());
  const Id attribute(checked(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), file, "make attribute " + name),
                     H5Aclose);
  const char* value = text.c_str();
  checked(H5Awrite(attribute, type, &value), file, "write attribute " + name);
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::string& path) : path_(path) {
  silence();
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(access, std::size_t{1} << 20, false);  // in memory, no file behind it
  file_ = checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), path_, "make a file in memory");
}

Hdf5Writer::~Hdf5Writer() {
  if (file_ >= 0) H5Fclose(file_);
}

void Hdf5Writer::group(const std::string& path, const Attributes& attributes) {
  const Id links(links_with_groups(), H5Pclose);
  const bool there = path == "/" || (H5Lexists(file_, path.c_str(), H5P_DEFAULT) > 0);
  const Id group(
      checked(there ? H5Gopen2(file_, path.c_str(), H5P_DEFAULT) : H5Gcreate2(file_, path.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), path_,
              "make group " + path),
      H5Gclose);
  for (const auto& [name, text] : attributes) write_attribute(group, path_, name, text);
}

void Hdf5Writer::write_array(const std::string& path, std::int64_t memory_type, const void* values, std::size_t count, const Shape& shape,
                             const Attributes& attributes) {
  const std::size_t expected = std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  if (expected != count)
    throw FormatError(path_, 0, fmt::format("array {} must have {} values by its shape, got {}", path, expected, count));
  const Id links(links_with_groups(), H5Pclose), space(space_of(shape), H5Sclose), properties(array_properties(shape, count), H5Pclose);
  const Id array(checked(H5Dcreate2(file_, path.c_str(), memory_type, space, links, properties, H5P_DEFAULT), path_, "make array " + path),
                 H5Dclose);
  if (count > 0) checked(H5Dwrite(array, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), path_, "write array " + path);
  for (const auto& [name, text] : attributes) write_attribute(array, path_, name, text);
}

void Hdf5Writer::write(const std::string& path, std::span<const double> values, const Shape& shape, const Attributes& attributes) {
  write_array(path, H5T_NATIVE_DOUBLE, values.data(), values.size(), shape, attributes);
}

void Hdf5Writer::write(const std::string& path, std::span<const std::int64_t> values, const Shape& shape, const Attributes& attributes) {
  write_array(path, H5T_NATIVE_INT64, values.data(), values.size(), shape, attributes);
}

void Hdf5Writer::write(const std::string& path, std::span<const std::string> values, const Shape& shape, const Attributes& attributes) {
  std::vector<const char*> pointers(values.size());
  std::transform(values.begin(), values.end(), pointers.begin(), [](const std::string& s) { return s.c_str(); });
  const Id type(text_type(), H5Tclose);
  write_array(path, type, pointers.data(), values.size(), shape, attributes);
}

void Hdf5Writer::attribute(const std::string& path, const std::string& name, const std::string& text) {
  const Id object(checked(H5Oopen(file_, path.c_str(), H5P_DEFAULT), path_, "open " + path), H5Oclose);
  write_attribute(object, path_, name, text);
}

void Hdf5Writer::commit() {
  checked(H5Fflush(file_, H5F_SCOPE_GLOBAL), path_, "finish the file");
  const auto size = checked(H5Fget_file_image(file_, nullptr, 0), path_, "measure the file");
  std::string image(static_cast<std::size_t>(size), '\0');
  checked(H5Fget_file_image(file_, image.data(), image.size()), path_, "copy the file");
  write_file(path_, image);
  H5Fclose(std::exchange(file_, -1));
}

Hdf5Reader::Hdf5Reader(const std::string& path) : path_(path) {
  silence();
  file_ = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file_ < 0) throw FormatError(path, 0, "the file must be a whole HDF5 file, got one that does not open");
}

Hdf5Reader::~Hdf5Reader() { H5Fclose(file_); }

bool Hdf5Reader::exists(const std::string& path) const {
  std::size_t end = 0;
  while (end != std::string_view::npos) {  // H5Lexists wants every group above to exist
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (part != "/" && !part.empty() && H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0) return false;
  }
  return true;
}

std::vector<std::string> Hdf5Reader::names(const std::string& group) const {
  const Id id(checked(H5Gopen2(file_, group.c_str(), H5P_DEFAULT), path_, "open group " + group), H5Gclose);
  H5G_info_t info{};
  checked(H5Gget_info(id, &info), path_, "list group " + group);
  std::vector<std::string> result;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto length =
        checked(H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT), path_, "list group " + group);
    std::string text(static_cast<std::size_t>(length) + 1, '\0');
    H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, i, text.data(), text.size(), H5P_DEFAULT);
    text.pop_back();
    result.push_back(text);
  }
  return result;
}

Hdf5Reader::Type Hdf5Reader::type(const std::string& path) const {
  const Id object(checked(H5Oopen(file_, path.c_str(), H5P_DEFAULT), path_, "open " + path), H5Oclose);
  if (H5Iget_type(object) == H5I_GROUP) return Type::group;
  if (H5Iget_type(object) != H5I_DATASET) return Type::other;
  const Id type(H5Dget_type(object), H5Tclose);
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return Type::real;
    case H5T_INTEGER:
      return Type::integer;
    case H5T_STRING:
      return H5Tis_variable_str(type) > 0 ? Type::text : Type::other;
    default:
      return Type::other;
  }
}

std::vector<std::size_t> Hdf5Reader::shape(const std::string& path) const {
  const Id array(checked(H5Dopen2(file_, path.c_str(), H5P_DEFAULT), path_, "open array " + path), H5Dclose),
      space(H5Dget_space(array), H5Sclose);
  std::vector<hsize_t> extent(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space), 0)));
  H5Sget_simple_extent_dims(space, extent.data(), nullptr);
  return {extent.begin(), extent.end()};
}

namespace {

template <class Value> std::vector<Value> read_array(hid_t file, const std::string& name, const std::string& path, hid_t type) {
  const Id array(checked(H5Dopen2(file, path.c_str(), H5P_DEFAULT), name, "open array " + path), H5Dclose),
      space(H5Dget_space(array), H5Sclose);
  std::vector<Value> values(static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space), 0)));
  if (!values.empty()) checked(H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), name, "read array " + path);
  return values;
}

}  // namespace

std::vector<double> Hdf5Reader::reals(const std::string& path) const { return read_array<double>(file_, path_, path, H5T_NATIVE_DOUBLE); }
std::vector<std::int64_t> Hdf5Reader::integers(const std::string& path) const {
  return read_array<std::int64_t>(file_, path_, path, H5T_NATIVE_INT64);
}

std::vector<std::string> Hdf5Reader::texts(const std::string& path) const {
  const Id memory(text_type(), H5Tclose);
  const std::vector<char*> pointers = read_array<char*>(file_, path_, path, memory);
  std::vector<std::string> result;
  for (char* p : pointers) {
    result.emplace_back(p ? p : "");
    H5free_memory(p);
  }
  return result;
}

std::string Hdf5Reader::attribute(const std::string& path, const std::string& name) const {
  const Id object(checked(H5Oopen(file_, path.c_str(), H5P_DEFAULT), path_, "open " + path), H5Oclose);
  if (H5Aexists(object, name.c_str()) <= 0) return {};
  const Id attribute(checked(H5Aopen(object, name.c_str(), H5P_DEFAULT), path_, "open attribute " + name), H5Aclose);
  const Id stored(H5Aget_type(attribute), H5Tclose), memory(text_type(), H5Tclose);
  if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) <= 0) return {};
  char* value = nullptr;
  if (H5Aread(attribute, memory, &value) < 0 || !value) return {};
  std::string text = value;
  H5free_memory(value);
  return text;
}

}  // namespace heteroglass::io
