/// The EAM table inside an installed OpenKIM model.
///
/// Models of the driver EAM_Dynamo carry their setfl file in the data of a shared library. It is read from there without running anything,
/// so that the native potential can stand in for the model: several times faster, with an analytic Hessian. (The driver interpolates
/// a little differently: energies agree to about 1e-7, forces to 1e-5 eV/angstrom.)
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace heteroglass::potential {

struct KimTable {
  std::string text;              ///< a setfl file
  bool finnis_sinclair = false;  ///< eam/fs, else eam/alloy
  std::string path;              ///< of the library, for messages
};

/// Empty when the model is not installed or has no such table. Models are looked for where OpenKIM's own library looks:
/// $KIM_API_PORTABLE_MODELS_DIR, ~/.kim-api, /usr/local/lib, /usr/lib and /usr/lib/*-linux-gnu.
std::optional<KimTable> kim_table(const std::string& model);

/// Names of the models in those places, portable ones and simulator models, in alphabetical order.
std::vector<std::string> kim_models();

}  // namespace heteroglass::potential
