#include "potential/lammps_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/error.hpp"
#include "engine/lammps_options.hpp"
#include "engine/run.hpp"

namespace heteroglass::potential {
namespace {

namespace fs = std::filesystem;

constexpr double skin = 1;                         // [angstrom]
constexpr double bar_volume_per_ev = 1.6021765e6;  // LAMMPS' own constant in metal units

fs::path make_folder() {
  std::string pattern = (fs::temp_directory_path() / "heteroglass_potential_XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    throw EngineError(fmt::format("{}: a temporary folder must be writable, got: {}", pattern, std::strerror(errno)));
  return pattern;
}

/// A named pipe, held open at both ends so that neither side waits for the other to come or sees it go.
int make_pipe(const fs::path& path) {
  const int file = mkfifo(path.c_str(), 0600) == 0 ? open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
  if (file < 0) throw EngineError(fmt::format("{}: a pipe must be possible here, got: {}", path.string(), std::strerror(errno)));
  return file;
}

void write_data(const fs::path& path, const Frame& f) {
  std::ofstream out(path);
  const Mat3& h = f.box.edges();
  const Vec3& o = f.box.origin();
  out << fmt::format("heteroglass\n\n{} atoms\n{} atom types\n", f.size(), f.species.size());
  for (std::size_t k = 0; k < 3; ++k) out << fmt::format("{} {} {}lo {}hi\n", o[k], o[k] + h[k][k], "xyz"[k], "xyz"[k]);
  out << fmt::format("{} {} {} xy xz yz\n\nMasses\n\n", h[0][1], h[0][2], h[1][2]);
  for (std::size_t s = 0; s < f.species.size(); ++s) out << fmt::format("{} {}\n", s + 1, f.species[s].mass > 0 ? f.species[s].mass : 1.0);
  out << "\nAtoms # atomic\n\n";
  for (std::size_t i = 0; i < f.size(); ++i) {
    const Vec3& r = f.position[i];
    out << fmt::format("{} {} {} {} {}\n", f.id[i], f.type[i] + 1, r.x, r.y, r.z);
  }
  out.close();
  if (!out) throw EngineError(fmt::format("{}: must be writable", path.string()));
}

}  // namespace

LammpsProcess::LammpsProcess(const Frame& frame, const LammpsCommands& commands)
    : folder_(make_folder()), type_(frame.type), id_(frame.id), units_(frame.units) {
  try {
    commands_ = make_pipe(folder_ / "commands"), answers_ = make_pipe(folder_ / "answers");
    write_data(folder_ / "start.data", frame);
    const std::string in = folder_ / "commands", log = folder_ / "lammps.log";
    engine::Command command;
    command.arguments = engine::LammpsOptions{}.command_line();
    for (const char* word : {"-in", in.c_str(), "-screen", "none", "-log", log.c_str()}) command.arguments.emplace_back(word);
    command.directory = commands.relative_files ? fs::current_path() : folder_, command.output = folder_ / "lammps.out";
    command.environment = {{"OMP_NUM_THREADS", "1"}};
    process_.emplace(command);
    const auto edge = [&](std::size_t k) { return frame.box.periodic(k) ? 'p' : 's'; };
    // The model's own units line would come too late for the box.
    send(fmt::format("{}boundary {} {} {}\nbox tilt large\nread_data {}\n{}", commands.before, edge(0), edge(1), edge(2),
                     (folder_ / "start.data").string(), commands.after));
    send(
        fmt::format("neighbor {} bin\nneigh_modify every 1 delay 0 check yes\ncompute hg_w all pressure NULL virial\n"
                    "thermo_style custom step pe vol c_hg_w[1] c_hg_w[2] c_hg_w[3] c_hg_w[4] c_hg_w[5] c_hg_w[6]\n"
                    "thermo_modify norm no lost ignore\nvariable hg_e equal pe\nvariable hg_v equal vol\n",
                    skin));
    for (int k = 1; k <= 6; ++k) send(fmt::format("variable hg_{} equal c_hg_w[{}]\n", k, k));
    evaluate(frame.box, frame.position, false);
  } catch (...) {
    process_.reset();
    for (const int file : {commands_, answers_})
      if (file >= 0) close(file);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

LammpsProcess::~LammpsProcess() {
  process_.reset();  // there is nothing worth waiting for
  for (const int file : {commands_, answers_}) close(file);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void LammpsProcess::fail(const std::string& why) {
  process_->stop(0.2);
  const fs::path log = folder_ / "lammps.log";
  throw EngineError(fmt::format("lammps: {}: {}", why, engine::error_summary(fs::exists(log) ? log : folder_ / "lammps.out")));
}

void LammpsProcess::send(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(commands_, text.data() + at, text.size() - at);
    if (written > 0) {
      at += static_cast<std::size_t>(written);
      continue;
    }
    if (process_->poll()) fail("the process must take commands, but it ended");
    pollfd room{commands_, POLLOUT, 0};
    poll(&room, 1, 100);
  }
}

/// Everything up to the line `until`.
std::string LammpsProcess::receive(const std::string& until) {
  std::string text;
  std::vector<char> piece(1 << 16);
  const std::string end = "\n" + until + "\n";
  for (;;) {
    const ssize_t got = read(answers_, piece.data(), piece.size());
    if (got > 0) {
      text.append(piece.data(), static_cast<std::size_t>(got));
      if (text.ends_with(end)) return text;
      continue;
    }
    if (process_->poll()) fail("the process must answer, but it ended");
    pollfd news{answers_, POLLIN, 0};
    poll(&news, 1, 100);
  }
}

void LammpsProcess::write_positions(const Box& box, std::span<const Vec3> position) const {
  const Mat3& h = box.edges();
  const Vec3& o = box.origin();
  const double xy = h[0][1], xz = h[0][2], yz = h[1][2];
  fmt::memory_buffer out;
  const auto put = [&]<class... T>(fmt::format_string<T...> text, T&&... values) {
    fmt::format_to(std::back_inserter(out), text, std::forward<T>(values)...);
  };
  put("ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{}\nITEM: BOX BOUNDS xy xz yz", position.size());
  for (std::size_t k = 0; k < 3; ++k) put(" {}", box.periodic(k) ? "pp" : "ss");
  put("\n{} {} {}\n", o.x + std::min({0.0, xy, xz, xy + xz}), o.x + h[0][0] + std::max({0.0, xy, xz, xy + xz}), xy);
  put("{} {} {}\n", o.y + std::min(0.0, yz), o.y + h[1][1] + std::max(0.0, yz), xz);
  put("{} {} {}\nITEM: ATOMS id type x y z\n", o.z, o.z + h[2][2], yz);
  for (std::size_t i = 0; i < position.size(); ++i) {
    const Vec3 r = box.wrap(position[i]);
    put("{} {} {} {} {}\n", id_[i], type_[i] + 1, r.x, r.y, r.z);
  }
  std::ofstream file(folder_ / "positions", std::ios::binary);
  file.write(out.data(), static_cast<std::streamsize>(out.size()));
  file.close();
  if (!file) throw EngineError(fmt::format("{}: must be writable", (folder_ / "positions").string()));
}

const LammpsProcess::Answer& LammpsProcess::evaluate(const Box& box, std::span<const Vec3> position, bool per_atom) {
  if (position.size() != type_.size())
    throw InputError(fmt::format("forces: one position for each of {} atoms is needed, got {}", type_.size(), position.size()));
  for (std::size_t i = 0; i < position.size(); ++i)
    if (!std::isfinite(norm2(position[i])))
      throw NumericalError(fmt::format("forces: positions must be finite, got atom {} at nan", i + 1));
  write_positions(box, position);
  if (per_atom && !asked_per_atom_) send("compute hg_pe all pe/atom\ncompute hg_s all stress/atom NULL virial\n"), asked_per_atom_ = true;
  if (count_++ % 200 == 199) send(fmt::format("log {}\n", (folder_ / "lammps.log").string()));  // or it would grow without end
  const std::string done = fmt::format("done {}", count_), answers = (folder_ / "answers").string();
  send(fmt::format("read_dump {} 0 x y z box yes replace yes\n", (folder_ / "positions").string()));
  send(fmt::format("dump hg all custom 1 {} id fx fy fz{}\ndump_modify hg sort id format float %.17g\nrun 0 post no\nundump hg\n", answers,
                   per_atom ? " c_hg_pe c_hg_s[1] c_hg_s[2] c_hg_s[3] c_hg_s[6] c_hg_s[5] c_hg_s[4]" : ""));
  send(
      fmt::format("print \"$(v_hg_e:%.17g) $(v_hg_v:%.17g) $(v_hg_1:%.17g) $(v_hg_2:%.17g) $(v_hg_3:%.17g) $(v_hg_6:%.17g) $(v_hg_5:%.17g) "
                  "$(v_hg_4:%.17g)\" file {} screen no\nprint \"{}\" file {} screen no\n",
                  answers, done, answers));
  const std::string text = receive(done);
  const char *at = text.data(), *end = at + text.size();
  const auto number = [&] {
    while (at < end && (*at == ' ' || *at == '\n')) ++at;
    double v = 0;
    const auto [next, error] = std::from_chars(at, end, v);
    if (error != std::errc()) fail("the answer must hold numbers, got " + std::string(at, std::min(at + 40, end)));
    at = next;
    return v;
  };
  const std::size_t head = text.find("ITEM: ATOMS"), rows = text.find('\n', head), many = text.find("ITEM: NUMBER OF ATOMS\n");
  if (head == std::string::npos || rows == std::string::npos || many == std::string::npos) fail("the answer must be a dump");
  at = text.data() + many + 22;
  if (const double n = number(); n != static_cast<double>(type_.size()))
    fail(fmt::format("{} atoms must come back, got {}", type_.size(), n));
  at = text.data() + rows;
  answer_.rows.resize(type_.size());
  for (Row& row : answer_.rows) {
    number();
    row.force.x = number(), row.force.y = number(), row.force.z = number();
    if (!per_atom) continue;
    row.extra[0] = number();
    for (std::size_t k = 1; k < 7; ++k) row.extra[k] = number() / (units_ == UnitSystem::lj ? 1 : bar_volume_per_ev);
  }
  answer_.energy = number();
  const double volume = number();
  for (double& w : answer_.virial) w = -number() * volume / (units_ == UnitSystem::lj ? 1 : bar_volume_per_ev);
  return answer_;
}

double LammpsProcess::cutoff() const {
  std::ifstream in(folder_ / "lammps.log");
  const std::string key = "master list distance cutoff = ";
  for (std::string line; std::getline(in, line);)
    if (const std::size_t at = line.find(key); at != std::string::npos) return std::strtod(line.c_str() + at + key.size(), nullptr) - skin;
  return 0;
}

}  // namespace heteroglass::potential
