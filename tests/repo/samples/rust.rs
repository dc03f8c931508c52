//! Parsing of configuration.
use std::collections::{HashMap, hash_map::Entry};
use crate::errors::ConfigError as Error;

mod lexer;

/// How many includes may nest.
pub const MAX_DEPTH: usize = 16;

/// A parsed file.
#[derive(Debug, Clone)]
pub struct Config {
    pub path: PathBuf,
    values: HashMap<String, Value>,
}

pub enum Value {
    Text(String),
    Number(i64),
}

pub trait Source: Send {
    fn read(&self) -> Result<String, Error>;
}

impl Source for Config {
    fn read(&self) -> Result<String, Error> {
        fs::read_to_string(&self.path).map_err(Error::from)
    }
}

impl<'a> Config {
    /// Reads a file with all its includes.
    pub fn load(path: &'a Path) -> Result<Self, Error> {
        let text = lexer::tokens(path)?;
        let config = Config::default();
        println!("{}", text);
        config.insert(text)
    }
}

type Pairs = Vec<(String, Value)>;

macro_rules! setting {
    ($name:expr) => { lookup($name) };
}

pub(crate) fn merge(left: Config, right: &Config) -> Config {
    left.extend(right)
}

static DEFAULTS: &str = "defaults.toml";
