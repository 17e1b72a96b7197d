/// Atoms for the 3-D view: each configuration once, with every per-atom result found on it.
///
/// A section's atoms are read from the extended XYZ beside its result. Two files with the same atoms at the same places (to
/// 1e-3 angstrom) are one scene. Above 20,000 atoms only a slab through the middle is kept, and said. Of
/// vectors the length is shown, of results with four to six components each one; results with more, and constant ones, are not.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/frame.hpp"
#include "report/part.hpp"

namespace heteroglass::report {

struct SceneProperty {
  std::string name, unit, help, source;  ///< source: title of the section it comes from
  std::vector<double> values;            ///< [unit, (atoms shown)]
};

struct Scene {
  std::string label, note;  ///< note: what is left out
  Frame frame;              ///< the atoms shown
  std::size_t atoms = 0;    ///< in the whole configuration
  std::vector<SceneProperty> properties;
};

/// The atoms of one section, added to those known. Files that are missing are passed over; unreadable ones give a warning.
void add_scenes(const std::string& title, const Part& part, const std::filesystem::path& directory, std::vector<Scene>& scenes,
                std::vector<std::string>& warnings);

/// The same for a frame at hand.
void add_scene(const std::string& title, const Part& part, const Frame& frame, std::vector<Scene>& scenes);

/// Of the configurations without any per-atom result only the first eight are kept.
void drop_plain_scenes(std::vector<Scene>& scenes);

/// Positions as 16-bit steps of the extent, properties as 32-bit floats, little-endian, in base64.
std::string scene_json(const Scene& scene);

std::string base64(const void* bytes, std::size_t size);

}  // namespace heteroglass::report
