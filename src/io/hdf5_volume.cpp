#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "io/volume_file.hpp"

namespace heteroglass::io {
namespace {

/// Any HDF5 identifier; closed with its owner.
class Id {
 public:
  Id() = default;
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Id(Id&& o) noexcept : id_(std::exchange(o.id_, -1)), close_(o.close_) {}
  Id& operator=(Id&& o) noexcept {
    std::swap(id_, o.id_), std::swap(close_, o.close_);
    return *this;
  }
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

struct Found {
  std::string name;
  std::vector<hsize_t> shape;
};

/// Numeric datasets of two dimensions and more, by path.
std::vector<Found> datasets(hid_t file) {
  std::vector<Found> all;
  const auto visit = [](hid_t root, const char* name, const H5O_info_t* info, void* out) -> herr_t {
    if (info->type != H5O_TYPE_DATASET) return 0;
    const Id set(H5Dopen2(root, name, H5P_DEFAULT), H5Dclose);
    if (set < 0) return 0;
    const Id type(H5Dget_type(set), H5Tclose), space(H5Dget_space(set), H5Sclose);
    const H5T_class_t kind = H5Tget_class(type);
    const int rank = H5Sget_simple_extent_ndims(space);
    if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || rank < 2) return 0;
    Found f{name, std::vector<hsize_t>(std::size_t(rank))};
    H5Sget_simple_extent_dims(space, f.shape.data(), nullptr);
    static_cast<std::vector<Found>*>(out)->push_back(std::move(f));
    return 0;
  };
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, visit, &all, H5O_INFO_BASIC);
  return all;
}

std::string shape_text(const std::vector<hsize_t>& shape) { return fmt::format("{}", fmt::join(shape, " x ")); }

/// Dimensions longer than one.
std::size_t extended(const Found& f) {
  return std::size_t(std::count_if(f.shape.begin(), f.shape.end(), [](hsize_t n) { return n > 1; }));
}

Found chosen(const std::vector<Found>& all, const std::string& path, std::string name) {
  std::vector<std::string> names, described;
  for (const Found& f : all) names.push_back(f.name), described.push_back(fmt::format("{} ({})", f.name, shape_text(f.shape)));
  if (!name.empty()) {
    if (name.front() == '/') name.erase(0, 1);
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      throw InputError(fmt::format("--dataset: must be a numeric dataset of {}, got {}{}; it has: {}", path, name,
                                   did_you_mean(name, names), described.empty() ? "none" : fmt::format("{}", fmt::join(described, ", "))));
    return all[std::size_t(at - names.begin())];
  }
  for (const std::size_t rank : {std::size_t{3}, std::size_t{2}}) {
    std::vector<Found> fit;
    std::copy_if(all.begin(), all.end(), std::back_inserter(fit), [&](const Found& f) { return extended(f) == rank; });
    if (fit.size() == 1) return fit.front();
    if (fit.size() > 1)
      throw InputError(
          fmt::format("{}: must have one dataset of {} dimensions or be told --dataset, got {}", path, rank, fmt::join(described, ", ")));
  }
  throw FormatError(path, 0,
                    fmt::format("must hold a dataset of grey values in two or three dimensions, got {}",
                                described.empty() ? "none" : fmt::format("{}", fmt::join(described, ", "))));
}

class Hdf5Volume : public Volume {
 public:
  Hdf5Volume(const std::string& path, const std::string& dataset) : path_(path) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    file_ = Id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (file_ < 0) throw FormatError(path, 0, "must be a whole HDF5 file, got one that cannot be opened");
    const Found found = chosen(datasets(file_), path, dataset);
    name_ = found.name, shape_ = found.shape;
    std::size_t k = 3;
    for (auto n = shape_.rbegin(); n != shape_.rend(); ++n)
      if (*n > 1 || std::size_t(shape_.rend() - n) > shape_.size() - 2) {  // the last two axes are the plane, whatever their length
        if (k == 0)
          throw InputError(
              fmt::format("{}: dataset {} must have at most three axes longer than one, got {}", path, name_, shape_text(shape_)));
        axis_.insert(axis_.begin(), std::size_t(shape_.rend() - n) - 1), --k;
      }
    for (std::size_t a = 0; a < axis_.size(); ++a) size_[a] = shape_[axis_[axis_.size() - 1 - a]];
    for (const std::size_t n : size_)
      if (n == 0) throw FormatError(path, 0, fmt::format("dataset {} must not be empty, got {}", name_, shape_text(shape_)));
    open_set();
  }

  std::array<std::size_t, 3> size() const override { return size_; }
  std::string source() const override { return path_ + ":" + name_; }
  std::string stored_as() const override {
    const Id type(H5Dget_type(set_), H5Tclose);
    return fmt::format("{}-bit {}", 8 * H5Tget_size(type), H5Tget_class(type) == H5T_FLOAT ? "real" : "integer");
  }
  void plane(std::size_t z, std::span<float> out) const override {
    std::vector<hsize_t> start(shape_.size(), 0), count = shape_;
    if (axis_.size() == 3) start[axis_[0]] = z, count[axis_[0]] = 1;
    const hsize_t n = out.size();
    const Id space(H5Dget_space(set_), H5Sclose), memory(H5Screate_simple(1, &n, nullptr), H5Sclose);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    if (H5Dread(set_, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, out.data()) < 0)
      throw FormatError(path_, 0,
                        fmt::format("plane {} of {} of dataset {} cannot be read: damaged, or packed by a filter that is not installed",
                                    z + 1, size_[2], name_));
  }

 private:
  /// Planes go through chunks that may be many planes thick: the cache holds a layer of them, so that each is unpacked once.
  void open_set() {
    set_ = Id(H5Dopen2(file_, name_.c_str(), H5P_DEFAULT), H5Dclose);
    const Id creation(H5Dget_create_plist(set_), H5Pclose), type(H5Dget_type(set_), H5Tclose);
    if (H5Pget_layout(creation) != H5D_CHUNKED || axis_.size() < 3) return;
    std::vector<hsize_t> chunk(shape_.size());
    H5Pget_chunk(creation, int(chunk.size()), chunk.data());
    std::size_t layer = H5Tget_size(type), chunks = 1;
    for (std::size_t k = 0; k < shape_.size(); ++k) {
      const std::size_t along = k == axis_[0] ? 1 : std::size_t((shape_[k] + chunk[k] - 1) / chunk[k]);
      layer *= std::size_t(chunk[k]) * along, chunks *= along;
    }
    constexpr std::size_t most = std::size_t{1} << 29;
    const Id access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
    H5Pset_chunk_cache(access, 100 * chunks + 1, std::min(layer + (std::size_t{1} << 20), most), 1.0);
    set_ = Id(H5Dopen2(file_, name_.c_str(), access), H5Dclose);
  }

  std::string path_, name_;
  Id file_, set_;
  std::vector<hsize_t> shape_;
  std::vector<std::size_t> axis_;  ///< of the dataset that are planes (if three), rows, columns
  std::array<std::size_t, 3> size_{1, 1, 1};
};

}  // namespace

std::unique_ptr<Volume> open_hdf5_volume(const std::string& path, const std::string& dataset) {
  return std::make_unique<Hdf5Volume>(path, dataset);
}

}  // namespace heteroglass::io
