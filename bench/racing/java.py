"""Peers from Maven, and ours in a JVM that is warm; their programs are in bench/peers/src."""
import dataclasses
import functools
import os
import pathlib
import shutil
import subprocess

from racing.task import BENCH, Peer, certified, lambdas_of, numbers


class JavaPeer(Peer):
    """A peer from Maven, by a small program in bench/peers. Its rungs begin with the number that the program gets."""
    # Half of the memory, in place of the quarter that is the rule; the exports are for Spark.
    OPTIONS = ("-XX:MaxRAMPercentage=50", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")

    def __init__(self, name, profile, program, ladder, refuses, setting=""):
        self.name, self.profile, self.program, self.ladder = name, profile, program, ladder
        self.refuses_problem, self.setting = refuses, setting

    @staticmethod
    def _tool(name):
        """Of the JDK that ours takes too."""
        home = os.environ.get("JAVA_HOME")
        return shutil.which(str(pathlib.Path(home, "bin", name)) if home else name)

    @staticmethod
    @functools.lru_cache
    def _class_path(profile, program):
        """(that of the peer's jars and the compiled program, None), or (None, why there is none)."""
        target = BENCH / "peers/target" / profile
        jars, pom = target / "class-path", BENCH / "peers/pom.xml"
        if not jars.exists() or jars.stat().st_mtime < pom.stat().st_mtime:
            target.mkdir(parents=True, exist_ok=True)
            jars.unlink(missing_ok=True)
            maven = ["mvn", "-q", "-B", "-ntp", "-f", str(pom), "-P", profile]
            goal = ["dependency:build-classpath", f"-Dmdep.outputFile={jars}"]
            made = subprocess.run([*maven, "-o", *goal], capture_output=True, text=True)
            if made.returncode:
                made = subprocess.run([*maven, *goal], capture_output=True, text=True)
            if made.returncode or not jars.exists():
                return None, "Maven did not get it: " + (made.stdout.strip().split("\n") or [""])[0][:200]
        return JavaPeer._compiled(jars.read_text().strip(), target, program)

    @staticmethod
    def _compiled(path, target, program):
        """(class path, None) or (None, why it does not compile)."""
        sources = [str(BENCH / "peers/src" / name) for name in (program + ".java", "Race.java")]
        made = subprocess.run([JavaPeer._tool("javac"), "-nowarn", "-cp", path, "-d", str(target), *sources],
                              capture_output=True, text=True)
        return (f"{target}{os.pathsep}{path}", None) if made.returncode == 0 else (None, "it does not compile: " + made.stderr[:300])

    def lacks(self):
        """What is not installed, or None."""
        return None if shutil.which("mvn") and self._tool("javac") else "Maven and a JDK are needed on the path"

    def refuses(self, task):
        return self.lacks() or self.refuses_problem(task) or self._class_path(self.profile, self.program)[1]

    def command(self, task, effort, out):
        about = task.data.about
        return [self._tool("java"), *self.OPTIONS, "-cp", self._class_path(self.profile, self.program)[0], self.program,
                str(task.data.folder), str(task.data.file), str(about["rows"]), str(about["features"]),
                str(len(about["classes"])), str(about["sparse"]).lower(), lambdas_of(task), str(task.intercept).lower(),
                str(task.threads), effort.split()[0], self.setting, out]

    def result(self, task, out, how):
        return numbers(task, out)


class WarmLogits(JavaPeer):
    """Ours in a JVM that has fitted the same before: only the time of its last fit is told."""
    fits_paths = True

    def __init__(self):
        super().__init__("logits (warm JVM)", "logits", "LogitsRace", ("1e-4", "1e-6", "1e-8"), lambda task: None)

    def lacks(self):
        return None if self._tool("javac") else "a JDK is needed on the path"

    def counts(self, effort, goal):
        return certified(effort, goal)

    @staticmethod
    @functools.lru_cache
    def _class_path(profile, program):
        jar, target = BENCH / "target/benchmarks.jar", BENCH / "peers/target" / profile
        if not jar.exists():
            return None, "bench/target/benchmarks.jar is not built"
        return JavaPeer._compiled(str(jar), target, program)

    def command(self, task, effort, out):
        command = super().command(task, effort, out)
        command[1:1] = ["--add-modules", "jdk.incubator.vector"]
        command[-2] = "path" if task.lambdas else ""
        return command

    def result(self, task, out, how):
        return dataclasses.replace(super().result(task, out, how), alone=True)


def refusal_of_smile(task):
    if task.logits > 1:
        return "it penalises the coefficients relative to the last class: another problem"
    return None if task.intercept else "it always has an intercept; race with --intercept"


def refusal_of_weka(task):
    about = task.data.about
    bytes_dense = about["rows"] * (about["features"] + 1) * 8
    if bytes_dense > 2e9:
        return f"its dense rows would take {bytes_dense / 1e9:.0f} GB, and it has several copies"
    return refusal_of_smile(task)


def refusal_of_weka_bfgs(task):
    squared = 8 * task.data.about["features"] ** 2
    return f"its matrix of steps would take {squared / 1e9:.0f} GB" if squared > 1e9 else refusal_of_weka(task)


def refusal_of_tribuo(task):
    return None if task.intercept else "it always has an intercept; race with --intercept"
